package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.Dialect;
import io.ringcast.config.JournalConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Clients that only take a URL put a token in it, and go on where they were when they come back. */
@Timeout(120)
class SessionIT
{
    private static final String HEADS = "[\"newHeads\"]";
    private static final String LOGS = "[\"logs\",{}]";
    private static final String TOKEN = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    private static final String PATH = "/?relay.session=" + TOKEN;

    @TempDir
    private Path dir;

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    void shouldGoOnUnderTheSameIdGivenTheTokenAgain(final Mode mode) throws IOException
    {
        try (TestBed bed = TestBed.start(mode))
        {
            final RawClient first = bed.add(RawClient.connect(bed.address(), PATH));
            final String id = first.subscribe(HEADS);
            readHeads(bed, first, id, 1, 3);
            first.answerPing();
            publishHeads(bed, 4, 5);
            first.close();

            // Whether the relay has noticed or not.
            final RawClient second = bed.add(RawClient.connect(bed.address(), PATH));
            assertEquals(id, second.subscribe(HEADS));
            publishHeads(bed, 6, 7);
            for (int number = 4; number <= 7; number++)
            {
                assertEquals(FakeUpstream.item(id, head(number)), second.readText());
            }
            bed.assertCount(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED, 1);
        }
    }

    /** Both stand in the URL: the client itself does nothing but subscribe. */
    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    void shouldGoOnInWholeBlocksGivenTheTokenAgain(final Mode mode) throws IOException
    {
        final FakeUpstream upstream = FakeUpstream.start();
        upstream.on("eth_getLogs", call -> call.answer("[" + log(call.params()) + "]"));
        try (TestBed bed = TestBed.start(mode, upstream, config -> { }))
        {
            final String path = PATH + "&relay.order=block";
            final RawClient first = bed.add(RawClient.connect(bed.address(), path));
            final String heads = first.subscribe(HEADS);
            final String logs = first.subscribe(LOGS);
            publishHeads(bed, 1, 2);
            readBlocks(first, heads, logs, 1, 2);
            first.close();
            publishHeads(bed, 3, 4);

            final RawClient second = bed.add(RawClient.connect(bed.address(), path));
            assertEquals(heads, second.subscribe(HEADS));
            assertEquals(logs, second.subscribe(LOGS));
            publishHeads(bed, 5, 6);
            String told = second.readText();
            while (told.contains("0x1\"") || told.contains("0x2\""))
            {
                // It has not proved to have read them.
                told = second.readText();
            }
            assertEquals(block(heads, head(3), 3), told);
            assertEquals(block(logs, log(hash(3)), 3), second.readText());
            readBlocks(second, heads, logs, 4, 6);
        }
    }

    private static void readBlocks(
        final RawClient client, final String heads, final String logs, final int first, final int last)
        throws IOException
    {
        for (int number = first; number <= last; number++)
        {
            assertEquals(block(heads, head(number), number), client.readText());
            assertEquals(block(logs, log(hash(number)), number), client.readText());
        }
    }

    private static String block(final String id, final String item, final int number)
    {
        return FakeUpstream.item(id, item).replaceAll("}}$", ",\"relay\":{\"blk\":\"0x" +
            Integer.toHexString(number) + "\",\"i\":0,\"n\":1,\"end\":true}}}");
    }

    /** The one log of the block whose hash stands in a text. */
    static String log(final String text)
    {
        int number = 1;
        while (!text.contains(hash(number)))
        {
            number++;
        }
        return "{\"address\":\"0x" + "a1".repeat(20) + "\",\"topics\":[],\"blockNumber\":\"0x" +
            Integer.toHexString(number) + "\",\"blockHash\":\"" + hash(number) +
            "\",\"logIndex\":\"0x0\",\"removed\":false}";
    }

    @Test
    void shouldCloseTheFirstWith4009GivenASecondConnectionWithTheToken() throws IOException
    {
        try (TestBed bed = TestBed.start(Mode.USUAL))
        {
            final RawClient first = bed.add(RawClient.connect(bed.address(), PATH));
            final String id = first.subscribe(HEADS);
            final RawClient second = bed.add(RawClient.connect(bed.address(), PATH));

            assertEquals(4009, first.readClose());
            assertEquals(id, second.subscribe(HEADS));
            bed.assertCount(RelayCounter.SESSIONS_TAKEN_OVER, 1);
        }
    }

    @Test
    void shouldBeginAgainWithoutACallGivenRestore() throws IOException
    {
        try (TestBed bed = TestBed.start(Mode.USUAL))
        {
            final RawClient first = bed.add(RawClient.connect(bed.address(), PATH + "&relay=restore"));
            final String id = first.subscribe(HEADS);
            readHeads(bed, first, id, 1, 1);
            first.answerPing();
            // Behind the pong, which a hang-up with unread items could overtake.
            first.call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[]}");
            publishHeads(bed, 2, 2);
            first.close();

            final RawClient second = bed.add(RawClient.connect(bed.address(), PATH + "&relay=restore"));
            assertEquals(FakeUpstream.item(id, head(2)), second.readText());
            readHeads(bed, second, id, 3, 3);
        }
    }

    /** For programs that only take a URL. */
    @Test
    void shouldTellTheStatusWithoutACallGivenThatTheUrlAsksForIt() throws IOException
    {
        try (TestBed bed = TestBed.start(Mode.USUAL))
        {
            final RawClient client = bed.add(RawClient.connect(bed.address(), "/?relay=status"));
            final String item = client.readText();

            assertTrue(item.contains("\"method\":\"eth_subscription\"") &&
                item.contains("\"event\":\"heartbeat\"") && item.contains("\"feedsLive\":1"), item);
            final String id = item.replaceAll(".*\"subscription\":\"|\".*", "");
            assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":true}", client.call(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_unsubscribe\",\"params\":[\"" + id + "\"]}"));
        }
    }

    @Test
    void shouldRefuseTheStatusGivenADialectThatHasNone() throws IOException
    {
        try (TestBed bed = TestBed.start(Mode.USUAL, config -> config.networks().get(0).dialect(Dialect.parse("diem"))))
        {
            final String head = bed.add(RawClient.open(bed.address())).askUpgrade("/?relay=status");
            assertTrue(head.startsWith("HTTP/1.1 400 "), head);
        }
    }

    @Test
    void shouldRefuseATokenThatCouldBeGuessedAndSayNothingOfIt() throws IOException
    {
        try (TestBed bed = TestBed.start(Mode.USUAL, config -> config.delivery(
            DeliveryConfig.builder().sessions(0).build())))
        {
            for (final String path : new String[]{
                "/?relay.session=short", PATH, "/?relay=restore", PATH + "&relay.session=" + TOKEN})
            {
                final RawClient client = bed.add(RawClient.open(bed.address()));
                final String head = client.askUpgrade(path);
                assertTrue(head.startsWith("HTTP/1.1 400 "), head);
            }
        }
    }

    @Test
    void shouldGoOnBehindARestartAndWriteNoTokenToTheDisk() throws Exception
    {
        final String id;
        try (TestBed bed = TestBed.start(Mode.USUAL, this::record))
        {
            final RawClient first = bed.add(RawClient.connect(bed.address(), PATH));
            id = first.subscribe(HEADS);
            readHeads(bed, first, id, 1, 3);
            first.answerPing();
            // Behind the pong: it has been taken when this is answered.
            first.call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[]}");
            final RawClient witness = bed.client();
            witness.subscribe(HEADS);
            publishHeads(bed, 4, 5);
            assertEquals(FakeUpstream.item(id, head(4)), witness.readText());
            assertEquals(FakeUpstream.item(id, head(5)), witness.readText());
        }

        // The node is slow to grant, and has a head by then that it has pushed to nobody.
        final FakeUpstream upstream = FakeUpstream.start();
        upstream.on("eth_subscribe", call -> { });
        upstream.on("eth_getBlockByNumber", call -> call.answer(head(6)));
        try (TestBed bed = TestBed.start(Mode.USUAL, upstream, this::record))
        {
            final RawClient second = bed.add(RawClient.connect(bed.address(), PATH));
            assertEquals(id, second.subscribe(HEADS));
            assertEquals(FakeUpstream.item(id, head(4)), second.readText());
            assertEquals(FakeUpstream.item(id, head(5)), second.readText());
            // It goes on with its old value, and so tells nothing of this node's grant.
            assertEquals(1, bed.count(RelayCounter.FEEDS_SUBSCRIBED));
            upstream.grant(upstream.awaitCall("eth_subscribe"));
            final String fetched = second.readText();
            assertTrue(fetched.contains("\"number\":\"0x6\""), fetched);
            readHeads(bed, second, id, 7, 7);
        }

        try (Stream<Path> files = Files.walk(dir))
        {
            for (final Path file : files.filter(Files::isRegularFile).toList())
            {
                assertFalse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(TOKEN));
            }
        }
    }

    private void record(final RelayConfig.Builder config)
    {
        // Its files are as long as its limit makes them, and are made and read whole.
        config.journal(
            JournalConfig.builder().dir(dir).set(JournalConfig.MAX_BYTES, JournalConfig.MAX_BYTES.min()).build());
    }

    private static void readHeads(
        final TestBed bed, final RawClient client, final String id, final int first, final int last) throws IOException
    {
        publishHeads(bed, first, last);
        for (int number = first; number <= last; number++)
        {
            assertEquals(FakeUpstream.item(id, head(number)), client.readText());
        }
    }

    static void publishHeads(final TestBed bed, final int first, final int last)
    {
        for (int number = first; number <= last; number++)
        {
            bed.upstream().publish("newHeads", head(number));
        }
    }

    static String head(final int number)
    {
        return "{\"number\":\"0x" + Integer.toHexString(number) + "\",\"hash\":\"" + hash(number) +
            "\",\"parentHash\":\"" + hash(number - 1) + "\"}";
    }

    static String hash(final int number)
    {
        return "0x" + String.format("%016x", number * 0x9E3779B97F4A7C15L).repeat(4);
    }
}
