package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.transport.journal.JournalReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client that only takes a URL, with a session, of a relay that is killed with SIGKILL, over and over, on one
 * journal: it keeps its ids, and is told each head, or each whole block, some of them again, none in another order.
 * More rounds: {@code -Dringcast.crash.rounds=100}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SessionCrashIT
{
    private static final int ROUNDS = Integer.getInteger("ringcast.crash.rounds", 3);
    private static final long SEED = Long.getLong("ringcast.crash.seed", 1);
    private static final long SYNC_MS = 600;
    private static final String PATH = "/?relay.session=f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    private static final String BLOCKS_PATH = PATH + "&relay.order=block";
    private static final Pattern NUMBER = Pattern.compile(".*\"number\":\"0x([0-9a-f]+)\".*");
    private static final Pattern BLOCK = Pattern.compile(".*\"blk\":\"0x([0-9a-f]+)\".*");

    @TempDir
    private Path dir;
    private final Random random = new Random(SEED);
    private volatile int published;
    private int seen;
    private long again;

    @Test
    void shouldTellEachHeadUnderTheSameIdGivenKills() throws Exception
    {
        String id = null;
        try (FakeUpstream upstream = startUpstream())
        {
            for (int round = 0; round < ROUNDS; round++)
            {
                final Process process = RelayToKill.start(upstream.config().url().toString(), dir, SYNC_MS);
                try (RawClient client = RawClient.connect(
                    new InetSocketAddress("127.0.0.1", RelayToKill.port(process)), PATH))
                {
                    final String granted = client.subscribe("[\"newHeads\"]");
                    assertEquals(id == null ? granted : id, granted, "round " + round);
                    id = granted;
                    TestBed.await("the upstream's grant", () -> upstream.hasSubscriber("newHeads"));
                    read(upstream, client);
                    // These it may not have had.
                    for (int i = random.nextInt(4); i > 0; i--)
                    {
                        upstream.publish("newHeads", SessionIT.head(++published));
                    }
                }
                finally
                {
                    process.destroyForcibly().waitFor();
                }
            }
        }
        assertTrue(again > 0, "nothing came again: the kills prove nothing");
    }

    /** Heads and logs are one order: a head, then its log. */
    @Test
    void shouldTellWholeBlocksInOrderUnderTheSameIdsGivenKills() throws Exception
    {
        String heads = null;
        String logs = null;
        try (FakeUpstream upstream = startUpstream())
        {
            upstream.on("eth_getLogs", call -> call.answer(
                call.params().contains("blockHash") ? "[" + SessionIT.log(call.params()) + "]" : "[]"));
            for (int round = 0; round < ROUNDS; round++)
            {
                final Process process = RelayToKill.start(upstream.config().url().toString(), dir, SYNC_MS);
                try (RawClient client = RawClient.connect(
                    new InetSocketAddress("127.0.0.1", RelayToKill.port(process)), BLOCKS_PATH))
                {
                    final String grantedHeads = client.subscribe("[\"newHeads\"]");
                    final String grantedLogs = client.subscribe("[\"logs\",{}]");
                    assertEquals(heads == null ? grantedHeads : heads, grantedHeads, "round " + round);
                    assertEquals(logs == null ? grantedLogs : logs, grantedLogs, "round " + round);
                    heads = grantedHeads;
                    logs = grantedLogs;
                    TestBed.await("the upstream's grants",
                        () -> upstream.hasSubscriber("newHeads") && upstream.hasSubscriber("logs"));
                    if (round == 0)
                    {
                        // Of the block that the feed of logs begins with nobody knows whether all are there.
                        upstream.publish("newHeads", SessionIT.head(++published));
                        assertTrue(client.readText().contains(heads));
                        seen = place(published, true);
                    }
                    readBlocks(upstream, client, logs);
                    for (int i = random.nextInt(4); i > 0; i--)
                    {
                        upstream.publish("newHeads", SessionIT.head(++published));
                    }
                }
                finally
                {
                    process.destroyForcibly().waitFor();
                }
            }
        }
        assertTrue(again > 0, "nothing came again: the kills prove nothing");
    }

    /** What a process that was killed leaves in memory goes with the next one on its journal. */
    @AfterEach
    void tidy()
    {
        JournalReader.open(dir).close();
    }

    private void read(final FakeUpstream upstream, final RawClient client) throws Exception
    {
        final long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * SYNC_MS + random.nextInt(200));
        while (System.nanoTime() - untilNs < 0)
        {
            upstream.publish("newHeads", SessionIT.head(++published));
            while (seen < published)
            {
                final String text = client.readText();
                final Matcher number = NUMBER.matcher(text);
                assertTrue(number.matches(), text);
                final int told = Integer.parseInt(number.group(1), 16);
                assertTrue(told <= seen + 1, "told " + told + " behind " + seen);
                again += told <= seen ? 1 : 0;
                seen = Math.max(seen, told);
            }
            LockSupport.parkNanos(random.nextInt(5_000_000));
        }
    }

    /** The first of a connection may have been told before; each that follows is the next one. */
    private void readBlocks(final FakeUpstream upstream, final RawClient client, final String logs) throws Exception
    {
        final long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * SYNC_MS + random.nextInt(200));
        int last = -1;
        while (System.nanoTime() - untilNs < 0)
        {
            upstream.publish("newHeads", SessionIT.head(++published));
            while (seen < place(published, true))
            {
                final String text = client.readText();
                final Matcher number = BLOCK.matcher(text);
                assertTrue(number.matches(), text);
                final int told = place(Integer.parseInt(number.group(1), 16), text.contains(logs));
                assertTrue(last < 0 ? told <= seen + 1 : told == last + 1,
                    "told " + told + " behind " + last + ", " + seen);
                last = told;
                again += told <= seen ? 1 : 0;
                seen = Math.max(seen, told);
            }
            LockSupport.parkNanos(random.nextInt(5_000_000));
        }
    }

    /** A block's head, then its log. */
    private static int place(final int number, final boolean isLog)
    {
        return 2 * number + (isLog ? 1 : 0);
    }

    private FakeUpstream startUpstream() throws IOException
    {
        final FakeUpstream upstream = FakeUpstream.start();
        upstream.on("eth_getBlockByHash", call -> call.answer(byHash(call.params())));
        upstream.on("eth_getBlockByNumber", call -> call.answer(SessionIT.head(published)));
        return upstream;
    }

    private String byHash(final String params)
    {
        for (int number = published; number >= 0; number--)
        {
            if (params.contains(SessionIT.hash(number)))
            {
                return SessionIT.head(number);
            }
        }
        return "null";
    }
}
