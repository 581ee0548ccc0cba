"""What is made from the code: pages in docs/, the word lists in GLOSSARY.md, and the menu."""
