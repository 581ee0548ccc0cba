-- Few figures are of one area, kind and code: they need no order of their own. With all of the key in it this index was as
-- large as the other, and an import wrote in as many places of it as it has areas.
DROP INDEX published_of_area;
CREATE INDEX published_of_area ON published (area, kind, code);
