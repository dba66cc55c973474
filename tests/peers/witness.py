"""A second implementation of the witness protocol, written from https://c2sp.org/tlog-witness, tlog-cosignature, tlog-checkpoint,
signed-note and RFC 6962 alone. It is an interoperability check, not an independent implementation: both are of this project.

    witness.py serve NAME SEED LOG_VKEY [BEHAVIOUR]     a witness; prints its verifier key and its address
    witness.py race URL WITNESS_VKEY SEED ROUNDS        eight clients race a witness with two forks of one log

BEHAVIOUR: honest, other-text, other-key, garbage, endless, silent, dies, redirects, moving, a status such as 429, or
run:COMMAND, which runs a command once before it answers. With TLS_CERTIFICATE in the environment, the witness speaks https.
"""

import base64
import hashlib
import http.client
import http.server
import os
import random
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

# --- Ed25519 (RFC 8032, section 5.1)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def compress(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def number(data):
    return int.from_bytes(hashlib.sha512(data).digest(), "little") % L


def expand(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    return scalar, digest[32:]


def public_key(seed):
    return compress(multiply(expand(seed)[0], BASE))


def sign(seed, message):
    scalar, prefix = expand(seed)
    public = compress(multiply(scalar, BASE))
    r = number(prefix + message)
    point = compress(multiply(r, BASE))
    return point + ((r + number(point + public + message) * scalar) % L).to_bytes(32, "little")


def verify(public, message, signature):
    if len(signature) != 64:
        return False
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    left, right = multiply(s, BASE), add(r, multiply(number(signature[:32] + public + message), a))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


# --- Merkle trees (RFC 6962, section 2.1)


def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(mth(leaves[:k]), mth(leaves[k:]))


def prove(m, leaves, whole=True):
    """PROOF(m, D[n]) of section 2.1.2; empty for m = 0 (tlog-witness)."""
    n = len(leaves)
    if m == 0:
        return []
    if m == n:
        return [] if whole else [mth(leaves)]
    k = split(n)
    if m <= k:
        return prove(m, leaves[:k], whole) + [mth(leaves[k:])]
    return prove(m - k, leaves[k:], False) + [mth(leaves[:k])]


def consistent(m, n, old_root, new_root, proof):
    """Rebuilds both roots by the recursion of section 2.1.2."""
    proof = list(proof)

    def rebuild(m, n, whole):
        if m == n:
            if whole:
                return old_root, old_root
            last = proof.pop(0)
            return last, last
        k = split(n)
        if m <= k:
            old, new = rebuild(m, k, whole)
            return old, node_hash(new, proof.pop(0))
        old, new = rebuild(m - k, n - k, False)
        left = proof.pop(0)
        return node_hash(left, old), node_hash(left, new)

    try:
        return rebuild(m, n, True) == (old_root, new_root) and not proof
    except IndexError:
        return False


# --- Signed notes and checkpoints


def key_id(name, kind, public):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def vkey(name, kind, public):
    return f"{name}+{key_id(name, kind, public).hex()}+{base64.b64encode(bytes([kind]) + public).decode()}"


def read_vkey(text):
    name, _, rest = text.partition("+")
    key = base64.b64decode(rest.partition("+")[2], validate=True)
    return name, key[0], key[1:]


def signature_line(name, kind, public, signature):
    data = base64.b64encode(key_id(name, kind, public) + signature).decode()
    return f"\u2014 {name} {data}\n"


def cosign(name, seed, text, when):
    """cosignature/v1 (tlog-cosignature)."""
    message = f"cosignature/v1\ntime {when}\n{text}".encode()
    public = public_key(seed)
    return signature_line(name, 4, public, when.to_bytes(8, "big") + sign(seed, message))


def cosigned_by(key, text, lines):
    name, kind, public = read_vkey(key)
    for line in lines.splitlines():
        dash, who, data = line.split(" ")
        data = base64.b64decode(data, validate=True)
        if dash == "\u2014" and who == name and data[:4] == key_id(name, kind, public):
            when = int.from_bytes(data[4:12], "big")
            return verify(public, f"cosignature/v1\ntime {when}\n{text}".encode(), data[12:])
    return False


# --- The witness


class Malformed(Exception):
    pass


def decimal(text):
    if not text.isascii() or not text.isdigit() or (text != "0" and text.startswith("0")):
        raise Malformed
    return int(text)


class Witness:
    def __init__(self, name, seed, log, behaviour):
        self.name, self.seed, self.behaviour = name, seed, behaviour
        self.origin, _, self.log_key = read_vkey(log)
        self.log_vkey = log
        self.lock = threading.Lock()
        self.size, self.root, self.note = 0, mth([]), None

    def answer(self, body):
        try:
            return self.add_checkpoint(body.decode())
        except (Malformed, ValueError, IndexError):
            return 400, "text/plain", "malformed request\n"

    def add_checkpoint(self, body):
        head, _, note = body.partition("\n\n")
        first, *proof = head.split("\n")
        if not first.startswith("old ") or len(proof) > 63:
            raise Malformed
        old = decimal(first[4:])
        proof = [base64.b64decode(line, validate=True) for line in proof]
        text, _, signatures = note.partition("\n\n")
        text += "\n"
        origin, size, root = text.split("\n")[:3]
        size, root = decimal(size), base64.b64decode(root, validate=True)
        if origin != self.origin:
            return 404, "text/plain", "unknown log\n"
        if not self.is_signed(text, signatures):
            return 403, "text/plain", "no signature of the log\n"
        if old > size or (old == 0 and proof):
            raise Malformed
        with self.lock:
            if old != self.size:
                return 409, "text/x.tlog.size", f"{self.size}\n"
            if old == size and root != self.root:
                return 409, "text/x.tlog.size", f"{self.size}\n"
            if old == size and proof or 0 < old < size and not consistent(old, size, self.root, root, proof):
                return 422, "text/plain", "the proof does not verify\n"
            self.size, self.root, self.note = size, root, note
            return 200, "text/plain", self.cosign(text)

    def is_signed(self, text, signatures):
        for line in signatures.splitlines():
            _, name, data = line.split(" ")
            data = base64.b64decode(data, validate=True)
            if name == self.origin and data[:4] == key_id(name, 1, self.log_key):
                return verify(self.log_key, text.encode(), data[4:])
        return False

    def cosign(self, text):
        when = int(time.time())
        if self.behaviour == "other-text":
            return cosign(self.name, self.seed, text.replace("\n", "x\n", 1), when)
        if self.behaviour == "other-key":
            return cosign(self.name, hashlib.sha256(self.seed).digest(), text, when)
        # A line of a key that nobody knows must be ignored.
        other = cosign("other.example", b"\7" * 32, text, when)
        return other + cosign(self.name, self.seed, text, when)


def handler(witness):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        moved = 0

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            behaviour = witness.behaviour
            if not self.path.endswith("/add-checkpoint"):
                return self.reply(404, "text/plain", "not found\n")
            if behaviour.startswith("run:"):
                witness.behaviour = "honest"
                subprocess.run(behaviour[4:], shell=True, check=True, stdout=subprocess.DEVNULL)
            if behaviour == "silent":
                time.sleep(600)
            if behaviour == "dies":
                witness.answer(body)
                return self.connection.shutdown(socket.SHUT_RDWR)
            if behaviour == "garbage":
                return self.reply(200, "text/html", "<h1>\x1b[31mwelcome</h1>\n")
            if behaviour == "endless":
                return self.endless()
            if behaviour == "redirects":
                self.send_response(307)
                self.send_header("Location", "/elsewhere/add-checkpoint")
                self.send_header("Content-Length", "0")
                return self.end_headers()
            if behaviour == "moving":
                Handler.moved += 1
                return self.reply(409, "text/x.tlog.size", f"{Handler.moved % 3}\n")
            if behaviour.isdigit():
                return self.reply(int(behaviour), "text/plain", "\x1b[31m::error::no\n")
            return self.reply(*witness.answer(body))

        def do_GET(self):
            wanted = f"/{hashlib.sha256(witness.origin.encode()).hexdigest()}/checkpoint"
            if self.path.endswith(wanted) and witness.note:
                return self.reply(200, "text/plain", witness.note)
            return self.reply(404, "text/plain", "not found\n")

        def reply(self, status, kind, text):
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def endless(self):
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"400\r\n" + b"a" * 1024 + b"\r\n")
            except OSError:
                self.close_connection = True

        def log_message(self, *_):
            pass

    return Handler


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def serve(name, seed, log, behaviour="honest"):
    seed = hashlib.sha256(seed.encode()).digest()
    server = Server(("127.0.0.1", 0), handler(Witness(name, seed, log, behaviour)))
    scheme, host = "http", "127.0.0.1"
    if certificate := os.environ.get("TLS_CERTIFICATE"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        scheme, host = "https", "localhost"
    print(vkey(name, 4, public_key(seed)), f"{scheme}://{host}:{server.server_port}/prefix", flush=True)
    server.serve_forever()


# --- Racing clients


class Log:
    """A log that can fork: the leaves after the first four differ."""

    def __init__(self, seed):
        self.name, self.seed = "race.example/log", seed
        self.public = public_key(seed)
        self.forks = [[leaf_hash(b"%d %d" % (fork if at >= 4 else 0, at)) for at in range(64)] for fork in (0, 1)]

    def note(self, fork, size):
        root = base64.b64encode(mth(self.forks[fork][:size])).decode()
        text = f"{self.name}\n{size}\n{root}\n"
        return text, text + "\n" + signature_line(self.name, 1, self.public, sign(self.seed, text.encode()))


def submit(url, body):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    connection.request("POST", parts.path + "/add-checkpoint", body.encode())
    response = connection.getresponse()
    return response.status, response.getheader("Content-Type"), response.read().decode()


def race(url, key, seed, rounds):
    """Eight clients submit checkpoints of both forks. Prints what was cosigned; fails if it is not one history."""
    log = Log(hashlib.sha256(seed.encode()).digest())
    cosigned, problems, guard = set(), [], threading.Lock()

    def client(number):
        choice = random.Random(f"{seed} {number}")
        known, answered, failed = 0, 0, 0
        while answered < int(rounds):
            fork = choice.randrange(2)
            size = min(known + choice.randrange(3), 64)
            text, note = log.note(fork, size)
            proof = "".join(base64.b64encode(h).decode() + "\n" for h in prove(known, log.forks[fork][:size]))
            try:
                status, kind, answer = submit(url, f"old {known}\n{proof}\n{note}")
            except (OSError, http.client.HTTPException):
                # The witness was killed; what it cosigned without an answer does not count.
                failed += 1
                if failed > 2000:
                    return problems.append("the witness did not come back")
                time.sleep(0.05)
                continue
            answered += 1
            with guard:
                if status == 200:
                    if not cosigned_by(key, text, answer):
                        problems.append(f"a false cosignature: {answer}")
                    cosigned.add((size, fork if size > 4 else 0))
                    known = size
                elif status == 409:
                    if kind != "text/x.tlog.size" or str(int(answer)) + "\n" != answer:
                        problems.append(f"409 without a size: {kind} {answer!r}")
                    known = int(answer)
                elif status != 422:
                    problems.append(f"status {status}: {answer!r}")

    clients = [threading.Thread(target=client, args=(number,)) for number in range(8)]
    [thread.start() for thread in clients]
    [thread.join() for thread in clients]
    forks = {fork for size, fork in cosigned if size > 4}
    if len(forks) > 1:
        problems.append(f"both forks were cosigned: {sorted(cosigned)}")
    print(f"cosigned {len(cosigned)} sizes of {len(forks)} fork")
    sys.exit("\n".join(problems) or 0)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "log-key":
        print(vkey("race.example/log", 1, public_key(hashlib.sha256(arguments[0].encode()).digest())))
    else:
        {"serve": serve, "race": race}[command](*arguments)
