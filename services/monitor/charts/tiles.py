"""The tile map: each municipality a square about where it lies. Those that never existed together may share a place."""

from typing import NamedTuple


class Tile(NamedTuple):
    """Column from the west, row from the north, and the letters on the square."""

    column: int
    row: int
    letters: str


COLUMNS, ROWS = 17, 10

TILES = {
    "GM0870": Tile(5, 0, "Wkd"),
    "GM0874": Tile(6, 0, "Wou"),
    "GM1959": Tile(6, 0, "Alt"),
    "GM0738": Tile(7, 1, "Aal"),
    "GM0828": Tile(12, 1, "Oss"),
    "GM0786": Tile(14, 1, "Gra"),
    "GM1719": Tile(4, 2, "Dri"),
    "GM0779": Tile(5, 2, "Gee"),
    "GM0867": Tile(7, 2, "Wwk"),
    "GM0797": Tile(8, 2, "Heu"),
    "GM0796": Tile(10, 2, "DBo"),
    "GM1721": Tile(12, 2, "Bhz"),
    "GM1685": Tile(13, 2, "Lan"),
    "GM0815": Tile(14, 2, "Mil"),
    "GM1684": Tile(15, 2, "Cui"),
    "GM1982": Tile(15, 2, "LvC"),
    "GM1709": Tile(3, 3, "Moe"),
    "GM0826": Tile(5, 3, "Oos"),
    "GM0766": Tile(6, 3, "Don"),
    "GM0809": Tile(7, 3, "LoZ"),
    "GM0865": Tile(9, 3, "Vug"),
    "GM0845": Tile(10, 3, "SMg"),
    "GM0844": Tile(11, 3, "Sch"),
    "GM0860": Tile(12, 3, "Veg"),
    "GM1948": Tile(12, 3, "Mei"),
    "GM0856": Tile(13, 3, "Ude"),
    "GM1991": Tile(13, 3, "Mhs"),
    "GM1702": Tile(15, 3, "SAn"),
    "GM0756": Tile(16, 3, "Bxm"),
    "GM0851": Tile(0, 4, "Ste"),
    "GM1655": Tile(2, 4, "Hal"),
    "GM0777": Tile(3, 4, "Ett"),
    "GM0758": Tile(4, 4, "Bre"),
    "GM0784": Tile(6, 4, "GiR"),
    "GM0855": Tile(7, 4, "Til"),
    "GM0824": Tile(8, 4, "Ois"),
    "GM0788": Tile(9, 4, "Har"),
    "GM0757": Tile(10, 4, "Box"),
    "GM0846": Tile(11, 4, "SOe"),
    "GM0755": Tile(13, 4, "Boe"),
    "GM0748": Tile(0, 5, "BoZ"),
    "GM1674": Tile(1, 5, "Roo"),
    "GM0840": Tile(2, 5, "Ruc"),
    "GM1723": Tile(5, 5, "AlC"),
    "GM0785": Tile(7, 5, "Goi"),
    "GM0823": Tile(9, 5, "Oir"),
    "GM0753": Tile(10, 5, "Bes"),
    "GM0848": Tile(11, 5, "Son"),
    "GM1659": Tile(12, 5, "Laa"),
    "GM1652": Tile(13, 5, "GeB"),
    "GM0873": Tile(0, 6, "Woe"),
    "GM0879": Tile(3, 6, "Zun"),
    "GM0744": Tile(6, 6, "BaN"),
    "GM0798": Tile(8, 6, "Hil"),
    "GM0772": Tile(11, 6, "Ein"),
    "GM0820": Tile(12, 6, "Nue"),
    "GM0794": Tile(13, 6, "Hel"),
    "GM0762": Tile(14, 6, "Deu"),
    "GM1667": Tile(8, 7, "Reu"),
    "GM1728": Tile(9, 7, "Bla"),
    "GM0861": Tile(10, 7, "Vel"),
    "GM0866": Tile(11, 7, "Waa"),
    "GM1771": Tile(12, 7, "GeM"),
    "GM0847": Tile(13, 7, "Som"),
    "GM0743": Tile(14, 7, "Ast"),
    "GM0770": Tile(10, 8, "Eer"),
    "GM0858": Tile(11, 8, "Val"),
    "GM1658": Tile(12, 8, "HeL"),
    "GM1724": Tile(10, 9, "Ber"),
    "GM1706": Tile(12, 9, "Cra"),
}
