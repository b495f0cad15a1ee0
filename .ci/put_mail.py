"""Puts made-up messages into a mailbox over IMAP, or counts what is in a folder.

put_mail.py PORT USER FOLDER FIRST COUNT [PAUSE]
put_mail.py PORT --count USER FOLDER SEARCH"""

import imaplib, ssl, sys, time

anybody = ssl.create_default_context()
anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE


def session(port, user):
    server = imaplib.IMAP4_SSL("127.0.0.1", port, ssl_context=anybody)
    server.login(user, user)
    return server


port, rest = int(sys.argv[1]), sys.argv[2:]
if rest[0] == "--count":
    server = session(port, rest[1])
    server.select(rest[2], readonly=True)
    print(len(server.search(None, rest[3])[1][0].split()))
else:
    user, folder, first, count = rest[0], rest[1], int(rest[2]), int(rest[3])
    pause = float(rest[4]) if len(rest) > 4 else 0
    server = session(port, user)
    for n in range(first, first + count):
        text = (f"From: Sender <s{n % 50}@imap.example>\r\nTo: {user}@force.example\r\nSubject: Letter {n}\r\n"
                f"Message-ID: <{n}@imap.example>\r\nDate: Mon, 1 Jun 2026 09:00:00 +0100\r\n\r\nAbout matter {n}.\r\n")
        answer = server.append(folder, None, None, text.encode())
        assert answer[0] == "OK", answer
        time.sleep(pause)
server.logout()
