"""Published small networks, restated as facts, each with its source; names are slugs."""

from __future__ import annotations

# Krackhardt (1990), Administrative Science Quarterly 35, 342-369, doi:10.2307/2393394: the kite.
KITE = tuple(
    (one, other)
    for one, others in {
        "andre": "beverly carol diane fernando",
        "beverly": "diane ed garth",
        "carol": "diane fernando",
        "diane": "ed fernando garth",
        "ed": "garth",
        "fernando": "garth heather",
        "garth": "heather",
        "heather": "ike",
        "ike": "jane",
    }.items()
    for other in others.split()
)

# Padgett and Ansell (1993), American Journal of Sociology 98, 1259-1319, doi:10.1086/230190: marriages of families.
FLORENCE = tuple(
    (one, other)
    for one, others in {
        "acciaiuoli": "medici",
        "albizzi": "ginori guadagni medici",
        "barbadori": "castellani medici",
        "bischeri": "guadagni peruzzi strozzi",
        "castellani": "peruzzi strozzi",
        "guadagni": "lamberteschi tornabuoni",
        "medici": "ridolfi salviati tornabuoni",
        "pazzi": "salviati",
        "peruzzi": "strozzi",
        "ridolfi": "strozzi tornabuoni",
    }.items()
    for other in others.split()
)
