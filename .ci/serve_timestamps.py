"""Serves RFC 3161 time-stamps by OpenSSL on this machine, with an authority made for it: `serve_timestamps.py FOLDER`.

Writes the server's address to FOLDER/address once it answers, and its root to FOLDER/root.pem; runs until it is ended.
"""

import http.server
import subprocess
import sys
from pathlib import Path

EXTENSIONS = """basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
"""
CONFIGURATION = """[t]
serial=serial
default_policy=1.2.3.4
digests=sha256
signer_digest=sha256
"""


def openssl(folder: Path, *args: str) -> None:
    subprocess.run(["openssl", *args], cwd=folder, check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_authority(folder: Path) -> None:
    (folder / "ext").write_text(EXTENSIONS)
    (folder / "ts.cnf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01")
    for name in ("root", "leaf"):
        openssl(folder, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", f"{name}.key")
    openssl(folder, "req", "-new", "-x509", "-key", "root.key", "-subj", "/O=Test Time/CN=Root", "-days", "30",
            "-out", "root.pem")
    openssl(folder, "req", "-new", "-key", "leaf.key", "-subj", "/O=Test Time/CN=Leaf", "-out", "csr")
    openssl(folder, "x509", "-req", "-in", "csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
            "-days", "30", "-extfile", "ext", "-out", "leaf.pem")


def main() -> None:
    folder = Path(sys.argv[1])
    make_authority(folder)

    class Authority(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["content-length"])))
            openssl(folder, "ts", "-reply", "-config", "ts.cnf", "-section", "t", "-queryfile", "query",
                    "-signer", "leaf.pem", "-inkey", "leaf.key", "-chain", "root.pem", "-out", "reply")
            body = (folder / "reply").read_bytes()
            self.send_response(200)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    # One request at a time, which the files need.
    server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
    (folder / "address").write_text(f"http://127.0.0.1:{server.server_port}/")
    server.serve_forever()


if __name__ == "__main__":
    main()
