"""The tree against the known test data of Certificate Transparency, and against the recursive text of RFC 6962."""

from hashlib import sha256

import pytest

from letopis.ledger import merkle

INPUTS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""By size of the tree, 0 to 8."""
LEAVES = [merkle.leaf_hash(content) for content in INPUTS]
PATHS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
MANY = [merkle.leaf_hash(bytes([number])) for number in range(70)]
SIZES = range(1, len(MANY) + 1)


def by_the_rfc(leaves):
    """The definition of MTH, word for word: slow and plain."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + by_the_rfc(leaves[:half]) + by_the_rfc(leaves[half:])).digest()


def of(leaves):
    return lambda level, number: by_the_rfc(leaves[number << level : (number + 1) << level])


def included(index, size):
    return merkle.hashes_of(merkle.inclusion_ranges(index, size), subtree=of(MANY))


def consistent(old, new):
    return merkle.hashes_of(merkle.consistency_ranges(old, new), subtree=of(MANY))


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_inclusion_proofs_are_those_of_the_reference(index, size):
    proof = merkle.hashes_of(merkle.inclusion_ranges(index, size), subtree=of(LEAVES))

    assert [one.hex() for one in proof] == PATHS[index, size]
    root = bytes.fromhex(ROOTS[size])
    assert merkle.is_included(LEAVES[index], index=index, size=size, proof=proof, expected=root)


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proofs_are_those_of_the_reference(old, new):
    proof = merkle.hashes_of(merkle.consistency_ranges(old, new), subtree=of(LEAVES))

    assert [one.hex() for one in proof] == CONSISTENCY[old, new]
    assert merkle.is_consistent(old, bytes.fromhex(ROOTS[old]), new, bytes.fromhex(ROOTS[new]), proof)


@pytest.mark.parametrize("size", SIZES)
def test_the_root_of_every_size_is_that_of_the_definition(size):
    assert merkle.root(MANY[:size]) == by_the_rfc(MANY[:size])
    assert merkle.joined(of(MANY)(*one) for one in merkle.cover(0, size)) == by_the_rfc(MANY[:size])


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_of_every_size_is_proved_and_nothing_else_is(size):
    expected = by_the_rfc(MANY[:size])
    for index in range(size):
        proof = included(index, size)
        known = {"index": index, "size": size, "proof": proof, "expected": expected}
        assert merkle.is_included(MANY[index], **known)
        assert not merkle.is_included(merkle.leaf_hash(b"other"), **known)
        assert not merkle.is_included(MANY[index], **known | {"index": index + 1})
        assert not merkle.is_included(MANY[index], **known | {"proof": [*proof, expected]})
        if proof:
            assert not merkle.is_included(MANY[index], **known | {"proof": proof[:-1]})


@pytest.mark.parametrize("new", SIZES)
def test_every_beginning_of_every_size_is_proved_and_nothing_else_is(new):
    now = by_the_rfc(MANY[:new])
    for old in range(new + 1):
        was, proof = by_the_rfc(MANY[:old]), consistent(old, new)
        assert merkle.is_consistent(old, was, new, now, proof)
        assert not merkle.is_consistent(old, merkle.leaf_hash(b"fork"), new, now, proof)
        assert not merkle.is_consistent(old, was, new, merkle.leaf_hash(b"fork"), proof) or old == 0
        assert not merkle.is_consistent(old, was, new, now, [*proof, now])
        if proof:
            assert not merkle.is_consistent(old, was, new, now, proof[:-1])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 2)])
def test_there_is_no_proof_of_what_is_not_in_the_tree(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_ranges(index, size)
    assert not merkle.is_included(MANY[0], index=index, size=size, proof=[], expected=MANY[0])


def test_a_tree_has_no_beginning_longer_than_itself():
    with pytest.raises(ValueError, match="no beginning"):
        merkle.consistency_ranges(3, 2)
    assert not merkle.is_consistent(3, MANY[0], 2, MANY[0], [])
