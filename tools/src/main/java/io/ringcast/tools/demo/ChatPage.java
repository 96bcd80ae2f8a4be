package io.ringcast.tools.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Serves a page on which browser windows talk to each other over a topic of a relay's own.
 * Any thread; requests are answered on a thread of the server's.
 */
public final class ChatPage implements AutoCloseable
{
    /** The topics that the page uses, as the relay's configuration has to name them. */
    public static final String TOPICS = "chat.*";

    private record File(String name, String type)
    {
    }

    private static final Map<String, File> FILES = Map.of(
        "/", new File("chat.html", "text/html; charset=utf-8"),
        "/chat.css", new File("chat.css", "text/css; charset=utf-8"),
        "/chat.js", new File("chat.js", "text/javascript; charset=utf-8"));
    private static final String RELAY_PLACE = "@RELAY@";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;

    private final HttpServer server;
    private final URI relay;

    private ChatPage(final HttpServer server, final URI relay)
    {
        this.server = server;
        this.relay = relay;
    }

    /**
     * Starts it on a loopback port that the system chooses.
     *
     * @param relay the WebSocket URL of the network.
     * @return the page.
     * @throws IOException if it can't listen.
     */
    public static ChatPage start(final URI relay) throws IOException
    {
        final HttpServer server = HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[]{127, 0, 0, 1}), 0), 0);
        final ChatPage page = new ChatPage(server, relay);
        server.createContext("/", page::answer);
        server.start();
        return page;
    }

    /**
     * Where to point a browser.
     *
     * @return the page's URL.
     */
    public URI url()
    {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @Override
    public void close()
    {
        server.stop(0);
    }

    private void answer(final HttpExchange exchange) throws IOException
    {
        try (exchange)
        {
            final File file = FILES.get(exchange.getRequestURI().getPath());
            if (!"GET".equals(exchange.getRequestMethod()))
            {
                exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, -1);
            }
            else if (file == null)
            {
                exchange.sendResponseHeaders(NOT_FOUND, -1);
            }
            else
            {
                send(exchange, file);
            }
        }
    }

    /** The page may run its own script and talk to the relay, and nothing else, whatever somebody says in the chat. */
    private void send(final HttpExchange exchange, final File file) throws IOException
    {
        final byte[] body = read(file.name()).replace(RELAY_PLACE, relay.toString()).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", file.type());
        exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'; script-src 'self'; " +
            "style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
            "connect-src " + relay.getScheme() + "://" + relay.getAuthority());
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(OK, body.length);
        try (OutputStream out = exchange.getResponseBody())
        {
            out.write(body);
        }
    }

    private static String read(final String name) throws IOException
    {
        try (InputStream in = ChatPage.class.getResourceAsStream("chat/" + name))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
