"""Goals: what the programme aims at and where it works, judged whenever a figure or count moves or a day passes."""
