"""A shell in the browser: one page, and one WebSocket that carries it.

Each page that is opened has a shell of its own. Whoever reaches the port is let in: what stands in front of it has
asked who they are. The WebSocket is refused to pages of other origins (tornado compares Origin and Host).
"""

import os

import terminado
import tornado.ioloop
import tornado.web

PORT = 7681
HERE = os.path.dirname(os.path.abspath(__file__))
XTERM = "/usr/local/lib/node_modules/@xterm"


class Page(tornado.web.RequestHandler):
    """The page."""

    def get(self):
        with open(os.path.join(HERE, "page.html"), encoding="utf-8") as page:
            self.write(page.read())


class Ready(tornado.web.RequestHandler):
    """Answers as soon as anything does."""

    def get(self):
        self.write("ready\n")


def main():
    shells = terminado.UniqueTermManager(shell_command=["/bin/bash", "-l"], max_terminals=20)
    routes = [
        (r"/", Page),
        (r"/ready", Ready),
        (r"/shell", terminado.TermSocket, {"term_manager": shells}),
        (r"/xterm/(.*)", tornado.web.StaticFileHandler, {"path": XTERM}),
        (r"/page/(.*)", tornado.web.StaticFileHandler, {"path": HERE}),
    ]
    tornado.web.Application(routes, websocket_ping_interval=30).listen(PORT)
    tornado.ioloop.IOLoop.current().start()


if __name__ == "__main__":
    main()
