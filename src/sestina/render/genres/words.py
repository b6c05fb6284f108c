"""What the stories are about: topics with their pains, gains and steps; invented makers and names.

No topic belongs to a genre, so that no word gives one away.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Topic:
    """Something to tell a story about.

    Args:
        thing: a noun in the singular, without article.
        do: what one does with it, imperative.
        pain: what goes wrong, a noun phrase.
        gain: what comes of doing it right, a noun phrase.
        steps: short imperatives, four or more.
        prop: the figure that is the thing; "" where its scene shows it.
        scene: the painter of the picture in which it is seen close.
    """

    thing: str
    do: str
    pain: str
    gain: str
    steps: tuple[str, ...]
    prop: str = ""
    scene: str = "plain"


TOPICS: tuple[Topic, ...] = (
    Topic(thing="desk plant", do="save a desk plant", pain="brown leaves", gain="fresh green leaves", prop="plant",
          steps=("Water it weekly", "Turn it to light", "Wipe every leaf", "Feed it monthly", "Check the roots")),
    Topic(thing="herb pot", do="grow herbs inside", pain="a dry pot", gain="herbs all winter", prop="plant",
          scene="room",
          steps=("Pick a deep pot", "Sow them thin", "Water from below", "Cut the tips", "Share the rest")),
    Topic(thing="lamp", do="choose a lamp", pain="tired eyes", gain="soft warm light", scene="stand",
          steps=("Measure the table", "Pick warm light", "Hide the cable", "Dim it at night", "Dust the shade")),
    Topic(thing="coffee", do="brew better coffee", pain="bitter coffee", gain="a sweet clear cup", prop="mug",
          steps=("Grind it fresh", "Weigh the beans", "Heat the cup", "Pour slowly", "Stir it once")),
    Topic(thing="tea mug", do="brew a calm tea", pain="cold tea", gain="a warm hour", prop="mug", scene="bars",
          steps=("Warm the mug", "Boil it once", "Wait four minutes", "Lift the leaves", "Add some honey")),
    Topic(thing="coffee table", do="style a coffee table", pain="a messy table", gain="a calm corner", scene="table",
          steps=("Clear the top", "Stack two books", "Add one plant", "Leave a gap", "Light it softly")),
    Topic(thing="notebook", do="keep a notebook", pain="forgotten ideas", gain="a clear head", scene="desk",
          steps=("Write one line", "Date every page", "Draw small maps", "Review on Sunday", "Leave blank space")),
    Topic(thing="toy car", do="restore a toy car", pain="rusty wheels", gain="a shiny old toy", prop="car",
          steps=("Sand the roof", "Oil the wheels", "Mask the glass", "Paint two coats", "Let it dry")),
    Topic(thing="gift box", do="wrap a gift box", pain="torn paper", gain="sharp neat corners", prop="box",
          steps=("Measure the lid", "Cut it wider", "Fold the sides", "Hide the tape", "Tie a ribbon")),
    Topic(thing="parcel", do="pack a parcel", pain="broken glass", gain="a safe arrival", prop="box",
          scene="room",
          steps=("Line the bottom", "Wrap each part", "Fill the gaps", "Shake it once", "Label the top")),
    Topic(thing="olive oil", do="choose olive oil", pain="a flat taste", gain="a green peppery oil", prop="bottle",
          steps=("Read the date", "Look for green", "Smell it warm", "Taste a spoon", "Keep it dark")),
    Topic(thing="hand soap", do="mix a hand soap", pain="dry hands", gain="soft clean hands", prop="bottle",
          steps=("Melt the base", "Add the oil", "Stir it slowly", "Fill the bottle", "Rest it a day")),
    Topic(thing="syrup", do="cook a syrup", pain="sticky sugar", gain="a clear red syrup", prop="bottle",
          scene="bars",
          steps=("Wash the fruit", "Boil it short", "Strain it twice", "Add the lemon", "Cool it closed")),
    Topic(thing="bookshelf", do="sort a bookshelf", pain="lost books", gain="every book in reach", scene="bars",
          steps=("Empty one shelf", "Sort by height", "Give five away", "Dust the corners", "Label the rows")),
    Topic(thing="beach ball", do="patch a beach ball", pain="a slow leak", gain="a ball that bounces", prop="ball",
          steps=("Find the leak", "Dry the skin", "Glue the patch", "Press it flat", "Pump it up")),
    Topic(thing="small room", do="brighten a small room", pain="dark corners", gain="twice the light", scene="room",
          steps=("Paint one wall", "Move the mirror", "Clear the sill", "Add a lamp", "Lift the curtain")),
)  # fmt: skip

MAKERS = ("Lumo", "Vandel", "Oriva", "Tessaro", "Kelbi", "Norrin", "Faluma", "Pindra", "Soveri", "Quillet", "Bramma",
          "Ostera")  # fmt: skip
"""Invented makers of things."""

NAMES = ("Ada Renn", "Milo Varga", "Inka Solle", "Tomas Brill", "Noor Hadi", "Lena Orso", "Jun Palk", "Ravi Senn",
         "Eva Lindqual", "Otto Marrow")  # fmt: skip
"""Invented people."""

TITLES = ("reports from the hill", "tester", "plant keeper", "workshop lead", "city guide", "home cook")

HANDLES = ("@slowmornings", "@tinyworkshop", "@plainandgood", "@oneminutelab", "@hillandhome", "@softcorner",
           "@dailybench", "@brightroom", "@twobowls", "@smallfixes")  # fmt: skip
"""Invented accounts."""

PLACES = ("Norrin Bay", "Upper Tessaro", "Vandel Street", "the old harbour", "Oriva Hill", "a small flat")
"""Invented places."""

TIMES = ("an hour later", "the next day", "one week later", "two days later")
"""Texts that say that time has passed."""
