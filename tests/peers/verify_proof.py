#!/usr/bin/env python3
"""Verifies proof files of the ledger, written from docs/ledger-format.md alone. Usage: verify_proof.py KEY FILE…

Prints one line per file: `proved line TYPE`, `proved state ULID STATUS YANKED`, `proved absence ULID`, or `refused REASON`.
"""
import base64
import hashlib
import json
import re
import sys

from ed25519 import is_signed

ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}\Z")


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def check(condition, reason):
    if not condition:
        raise ValueError(reason)


def unbase64(text):
    data = base64.b64decode(text, validate=True)
    check(base64.b64encode(data).decode() == text, "base64 is not canonical")
    return data


def unhash(text):
    data = unbase64(text)
    check(len(data) == 32, "a hash has 32 bytes")
    return data


def decimal(text):
    check(re.fullmatch("0|[1-9][0-9]{0,18}", text) and int(text) < 2**63, "a number is not a decimal")
    return int(text)


def canonical(text):
    value = json.loads(text)
    check(isinstance(value, dict), "a line is not an object")
    check(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text, "a line is not canonical JSON")
    return value


def checkpoint(note, key):
    name, key_id, data = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+(.*)", key).groups()
    data = unbase64(data)
    check(sha256(name.encode(), b"\n", data)[:4].hex() == key_id and data[0] == 1, "the key is invalid")
    check(not re.search("[\x00-\x09\x0b-\x1f]", note), "the checkpoint has control characters")
    text, lines = note.rsplit("\n\n", 1)
    text, signed = text + "\n", 0
    check(lines.endswith("\n") and lines.count("\n") <= 100, "the signatures are malformed")
    for line in lines[:-1].split("\n"):
        signer, signature = re.fullmatch("\u2014 ([^+\\s]+) (.*)", line).groups()
        signature = unbase64(signature)
        check(len(signature) >= 5, "a signature is too short")
        if signer == name and signature[:4].hex() == key_id:
            check(is_signed(data[1:], text.encode(), signature[4:]), "the signature is wrong")
            signed += 1
    origin, size, root, *rest = text[:-1].split("\n")
    check(signed and origin == name and all(rest), "the checkpoint is not signed by the log")
    return decimal(size), unhash(root)


def included(line, index, path, size, root):
    check(index < size, "the index is behind the end")
    fn, sn, r = index, size - 1, sha256(b"\0", line)
    for p in path:
        check(sn, "the path is too long")
        if fn & 1 or fn == sn:
            r = sha256(b"\1", p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\1", r, p)
        fn, sn = fn >> 1, sn >> 1
    check(sn == 0 and r == root, "the path does not lead to the root")


def line_proof(text, key):
    head, note = text.split("\n\n", 1)
    name, extra, index, *path = head.split("\n")
    check(name == "c2sp.org/tlog-proof@v1" and extra[:6] == "extra " and index[:6] == "index " and len(path) <= 126, "not a proof of a line")
    line = unbase64(extra[6:])
    included(line, decimal(index[6:]), [unhash(p) for p in path], *checkpoint(note, key))
    return canonical(line.decode())


def proof(text, key):
    head, rest = text.split("\n", 1)
    if "state-proof@" not in head:
        return "line " + line_proof(text, key)["type"]
    form = {"urn:id-guard:state-proof@v2": 2, "id-guard.dev/state-proof@v1": None}[head]
    subject, rest = rest.split("\n\n", 1)
    check(subject[:8] == "subject " and ULID.match(subject[8:]), "the subject is malformed")
    subject, blocks = subject[8:], []
    while rest.startswith("state "):
        block, rest = rest.split("\n\n", 1)
        state, index, *path = block.split("\n")
        check(index[:6] == "index " and len(path) <= 64, "a block is malformed")
        blocks.append((state[6:], decimal(index[6:]), [unhash(p) for p in path]))
    seal = line_proof(rest, key)
    check(seal["type"] == "SEAL" and seal["payload"].get("state") == form, "the line is not a seal of this form")
    count, root = seal["payload"]["identities"], bytes.fromhex(seal["payload"]["root"])
    for state, index, path in blocks:
        included(state.encode(), index, path, count, root)
    states = [(index, canonical(state)) for state, index, _ in blocks]
    check(all(state.get("v") == form for _, state in states), "a state is of another form")
    if len(states) == 1 and states[0][1]["ulid"] == subject:
        return f"state {subject} {states[0][1]['status']} {','.join(states[0][1].get('yanked', []))}"
    places = [(index, state["ulid"]) for index, state in states]
    if len(places) == 0:
        absent = count == 0 and root == sha256()
    elif len(places) == 1:
        (index, ulid), = places
        absent = index == 0 and ulid > subject or index == count - 1 and ulid < subject
    else:
        absent = len(places) == 2 and places[0][0] + 1 == places[1][0] and places[0][1] < subject < places[1][1]
    check(absent, "neither presence nor absence")
    return f"absence {subject}"


def main(key, files):
    for file in files:
        try:
            with open(file, "rb") as opened:
                print("proved", proof(opened.read().decode(), key))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            print("refused", repr(error).replace("\n", " "))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
