#!/usr/bin/env python3
"""Signs with AWS KMS for `cmd+stream:`: started once, logged in once, several requests under way at once.

    touchmark stamp -r pictures -d stamped --key 'cmd+stream:./aws-kms-stream.py alias/stamping' --certificates CHAIN.pem

Needs boto3. Requests and answers are 4 bytes of length, highest first, and as many bytes; answers come in the order of the
requests, and an empty one refuses. To sign elsewhere, replace the function `sign`.
"""

import hashlib
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Thread

import boto3

KEY = sys.argv[1]
KMS = boto3.client("kms")
# As many as KMS lets one key do at once; touchmark waits with the rest.
PARALLEL = 16


def sign(message: bytes) -> bytes:
    """The signature, DER or r and s; an exception refuses."""
    answer = KMS.sign(
        KeyId=KEY,
        MessageType="DIGEST",
        Message=hashlib.sha256(message).digest(),
        SigningAlgorithm="ECDSA_SHA_256",
    )
    return answer["Signature"]


def write_answers(pending: Queue) -> None:
    while (future := pending.get()) is not None:
        try:
            signature = future.result()
        except Exception as error:  # touchmark shows it, and this process goes on
            print(error, file=sys.stderr, flush=True)
            signature = b""
        sys.stdout.buffer.write(struct.pack(">I", len(signature)) + signature)
        sys.stdout.buffer.flush()


def main() -> None:
    pending: Queue = Queue()
    writer = Thread(target=write_answers, args=(pending,))
    writer.start()
    with ThreadPoolExecutor(PARALLEL) as pool:
        while header := sys.stdin.buffer.read(4):
            (length,) = struct.unpack(">I", header)
            pending.put(pool.submit(sign, sys.stdin.buffer.read(length)))
    pending.put(None)
    writer.join()


if __name__ == "__main__":
    main()
