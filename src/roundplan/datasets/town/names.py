"""Invented street names, each used once in a town."""

from __future__ import annotations

from roundplan.datasets.chance import Dice

FIRST_WORDS = (
    "Alder Amber Anvil Arrow Aspen Badger Bakehouse Barley Basket Beacon Bellwether "
    "Bittern Blackthorn Bobbin Bracken Bramble Brindle Buttercup Candlewick Cartwright "
    "Catkin Chaffinch Chandler Cinder Clover Cobbler Cooper Coriander Cowslip "
    "Curlew Cygnet Damson Dovecote Drover Dunlin Elderflower Ember Falconer Farrier "
    "Fennel Ferryman Finch Flaxman Fletcher Foxglove Furrow Gadwall Gannet Garland "
    "Glover Goldcrest Goosander Granary Greengage Halyard Harebell Harrier Hawfinch "
    "Hazelnut Heron Hopyard Horseshoe Jackdaw Juniper Kestrel Kingfisher Lacemaker "
    "Lamplighter Lantern Lapwing Larkspur Linnet Loom Lychgate Magpie Mallard Maltings "
    "Marlow Martlet Meadowsweet Medlar Mercer Millrace Mulberry Nettle Nightingale "
    "Oatfield Orchard Osier Ostler Otter Paddock Partridge Pedlar Pepperpot Periwinkle "
    "Pipit Plover Potter Quill Quince Redshank Redwing Ropewalk Rowan Saddler Samphire "
    "Sandpiper Sawyer Sextant Shearwater Shuttle Siskin Skylark Sorrel Sparrow Spindle "
    "Starling Stonechat Swallow Tanner Teasel Thatcher Thimble Thistle Turnstone "
    "Wagtail Warbler Waxwing Weaver Wharfinger Wheelwright Whimbrel Whinchat Willow "
    "Winnow Woodlark Wren Yarrow"
)

MAIN_TYPES = ("Road", "High Road", "Lane", "Way")
STREET_TYPES = (
    "Street",
    "Grove",
    "Terrace",
    "Gardens",
    "Avenue",
    "Place",
    "Row",
    "Square",
    "Crescent",
    "Mews",
    "Close",
    "Villas",
)
PREFIXES = ("", "Upper ", "Lower ", "Old ", "New ", "Little ", "Great ", "North ")


class Names:
    """Hands out names until the town has no more streets."""

    def __init__(self, dice: Dice) -> None:
        self._first = dice.shuffled(FIRST_WORDS.split())
        self._mains = 0
        self._streets = 0

    def main_road(self) -> str:
        """Return a name for a main road."""
        name = self._name(self._mains, MAIN_TYPES, 0)
        self._mains += 1
        return name

    def street(self) -> str:
        """Return a name for a street."""
        # Half-way along the list, so that streets are not all named as a main road.
        name = self._name(self._streets, STREET_TYPES, len(self._first) // 2)
        self._streets += 1
        return name

    def _name(self, number: int, types: tuple[str, ...], shift: int) -> str:
        place = (number + shift) % len(self._first)
        turn = number // len(self._first)
        # Neighbours in the list get different types; each turn shifts them by one,
        # and a prefix comes when a word has had all types.
        kind = types[(place + turn) % len(types)]
        prefix = PREFIXES[(turn // len(types)) % len(PREFIXES)]
        return f"{prefix}{self._first[place]} {kind}"
