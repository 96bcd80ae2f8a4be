package io.ringcast.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.transport.Relay;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two windows of a real browser talk over a topic of the relay's own. Confined to the test thread. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class ChatPageIT
{
    private static final String CONNECTED = "document.getElementById('state').dataset.state === 'on'";
    private static final String HOSTILE = "<img src=x onerror=\"document.title='hacked'\"> & <b>bold</b>";
    /** Beside the two that came at the beginning, at least its own coming back. */
    private static final String SEEN_BACK = CONNECTED + " && document.querySelectorAll('.event').length >= 3";
    private static final Path PICTURES = Path.of("target", "chat");

    @Test
    void shouldShowInBothWindowsWhatEachSaysAlsoBehindARestartOfTheRelay() throws IOException
    {
        try (Chromium browser = Chromium.start(); Rooms rooms = new Rooms())
        {
            final Chromium.Window alice = open(browser, rooms, "alice");
            final Chromium.Window bob = open(browser, rooms, "bob");
            alice.await("document.querySelectorAll('.event').length === 2");

            say(alice, "Good morning, bob");
            bob.await(hasMessage("Good morning, bob", "alice"));
            say(bob, HOSTILE);
            alice.await(hasMessage(HOSTILE, "bob"));
            bob.await("document.querySelectorAll('.mine').length === 1");
            bob.await("document.querySelectorAll('.event').length >= 1");
            assertEquals("ringcast chat", alice.run("document.title"));
            assertEquals(0L, ((Number)alice.run("document.querySelectorAll('#messages img, .bubble b').length"))
                .longValue());
            // Items 1 and 2 said who came.
            assertEquals("#3 #4", alice.run(lastTwoNumbers()));
            bob.await(lastTwoNumbers() + " === '#3 #4'");
            alice.picture(PICTURES.resolve("alice.png"));
            bob.picture(PICTURES.resolve("bob.png"));

            rooms.restart();

            alice.await(SEEN_BACK);
            bob.await(CONNECTED + " && document.querySelectorAll('.event').length >= 2");
            say(alice, "Still there?");
            bob.await(hasMessage("Still there?", "alice"));
            say(bob, "Still here");
            alice.await(hasMessage("Still here", "bob"));
            alice.picture(PICTURES.resolve("alice-after.png"));
        }
    }

    @Test
    void shouldSayThatARoomIsNotAllowedAndStay() throws IOException
    {
        try (Chromium browser = Chromium.start(); Rooms rooms = new Rooms())
        {
            final Chromium.Window alice = open(browser, rooms, "alice");
            enter(alice, "trading-2.a_b");
            alice.await("document.getElementById('topic').textContent === 'chat.trading-2.a_b' && " + CONNECTED);
            // The browser's own check means the same.
            assertEquals("true false", alice.run("['a.b-c_1', 'bad room!'].map(name => { const field = " +
                "document.getElementById('room').cloneNode(); field.value = name; return field.checkValidity(); })" +
                ".join(' ')"));

            enter(alice, "bad room!");
            assertEquals("trading-2.a_b", alice.run("document.getElementById('room').value"));
            assertEquals(true, alice.run("document.getElementById('note').textContent.startsWith('No such room')"));
            enter(alice, "lobby");
            alice.await("document.getElementById('topic').textContent === 'chat.lobby' && " + CONNECTED);
            assertEquals("", alice.run("document.getElementById('note').textContent"));
        }
    }

    private static void enter(final Chromium.Window window, final String room)
    {
        window.run("document.getElementById('room').value = '" + room +
            "'; document.getElementById('room').dispatchEvent(new Event('change'))");
    }

    private static Chromium.Window open(final Chromium browser, final Rooms rooms, final String name)
    {
        final Chromium.Window window = browser.open(rooms.page.url());
        window.await(CONNECTED);
        window.run("document.getElementById('name').value = '" + name + "'");
        return window;
    }

    private static void say(final Chromium.Window window, final String text)
    {
        window.run("document.getElementById('text').value = '" + text.replace("'", "\\'") +
            "'; document.getElementById('form').requestSubmit()");
    }

    private static String hasMessage(final String text, final String from)
    {
        return "Array.from(document.querySelectorAll('#messages li')).some(item => " +
            "item.querySelector('.bubble')?.textContent === '" + text.replace("'", "\\'") +
            "' && item.querySelector('b').textContent === '" + from + "')";
    }

    private static String lastTwoNumbers()
    {
        return "Array.from(document.querySelectorAll('.number')).slice(-2).map(n => n.textContent).join(' ')";
    }

    /** A relay without a node, and the page. */
    private static final class Rooms implements AutoCloseable
    {
        private Relay relay;
        private final ChatPage page;

        Rooms() throws IOException
        {
            relay = start(0);
            page = ChatPage.start(URI.create("ws://127.0.0.1:" + relay.address().getPort() + "/"));
        }

        void restart() throws IOException
        {
            final int port = relay.address().getPort();
            relay.close();
            relay = start(port);
        }

        private static Relay start(final int port) throws IOException
        {
            return Relay.start(RelayConfig.builder()
                .listen("127.0.0.1", port)
                .warmUpMs(0)
                .network(NetworkConfig.builder().upstream("ws://127.0.0.1:1").topics(
                    OwnTopicsConfig.builder().publish(List.of(ChatPage.TOPICS)).build()))
                .build());
        }

        @Override
        public void close()
        {
            page.close();
            relay.close();
        }
    }
}
