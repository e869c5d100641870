"""`python -m omgkit.mlops …`, and the command `retrain` of an installed wheel: the program beside this package."""

import os
import sys

from omgkit.mlops._engine import program


def main() -> None:
    os.execv(program(), ["retrain", *sys.argv[1:]])


if __name__ == "__main__":
    main()
