package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.JournalConfig;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.pipeline.ReplayPipeline;
import io.ringcast.transport.journal.JournalReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A relay that records several times what its journal may hold, is killed with SIGKILL, and goes on: same epoch, next
 * numbers, histories and sessions. More rounds: {@code -Dringcast.crash.rounds=100}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CheckpointCrashIT
{
    private static final int ROUNDS = Integer.getInteger("ringcast.crash.rounds", 3);
    private static final long MAX_BYTES = JournalConfig.MAX_BYTES.min();
    private static final long SYNC_MS = 600;
    private static final int LARGE_BYTES = 500_000;
    private static final String PATH = "/?relay.session=f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    private static final Pattern POSITION = Pattern.compile(".*\"e\":\"([0-9a-z]+)\",\"q\":(\\d+).*");
    private static final Pattern RESULT = Pattern.compile(".*\"result\":\\{\"sequence\":(\\d+)}.*");

    @TempDir
    private Path dir;
    private String epoch;
    private String sessionHeads;
    private String sessionLogs;
    private int heads;
    private int seenHead;
    private long headNumber;
    private long topicNumber;

    @Test
    void shouldGoOnWithTheSameEpochAndNumbersGivenMoreThanTheJournalHolds() throws Exception
    {
        try (FakeUpstream upstream = startUpstream())
        {
            for (int round = 0; round < ROUNDS; round++)
            {
                final Process process = RelayToKill.start(
                    upstream.config().url().toString(), dir, SYNC_MS, Long.toString(MAX_BYTES));
                final InetSocketAddress address = new InetSocketAddress("127.0.0.1", RelayToKill.port(process));
                try (RawClient session = RawClient.connect(address, PATH);
                    RawClient stamped = RawClient.connect(address);
                    RawClient caller = RawClient.connect(address))
                {
                    subscribe(session, round);
                    if (round > 0)
                    {
                        assertHistories(address);
                    }
                    stamped.subscribe("[\"newHeads\",{\"relay\":{\"stamps\":true}}]");
                    TestBed.await("the upstream's grants",
                        () -> upstream.hasSubscriber("newHeads") && upstream.hasSubscriber("logs"));
                    run(upstream, session, stamped, caller);
                }
                finally
                {
                    process.destroyForcibly().waitFor();
                }
            }
        }
        assertTrue(Files.notExists(dir.resolve("archive").resolve("0-0.rec")), "the beginning is still there");
        assertReplayed();
    }

    /** What a process that was killed leaves in memory goes with the next one on its journal. */
    @AfterEach
    void tidy()
    {
        JournalReader.open(dir).close();
    }

    /** From a checkpoint on, to the byte. */
    private void assertReplayed()
    {
        try (JournalReader reader = JournalReader.open(dir); Replayed replayed = new Replayed())
        {
            final JournalReader.Run last = reader.runs().get(reader.runs().size() - 1);
            assertNotNull(last.checkpoint());
            reader.read(last, replayed::begin, replayed::onSlot, replayed);
            assertTrue(replayed.slots > 0);
            assertEquals(0, replayed.differences);
        }
    }

    /** What is read back goes through stages. Confined to the test's thread. */
    private static final class Replayed implements RecordReader.Listener, AutoCloseable
    {
        private ReplayPipeline pipeline;
        private long slots;
        private long differences;

        void begin(final RunStart first, final InputStream image) throws IOException
        {
            pipeline = new ReplayPipeline(first,
                (slot, actions, isAsRecorded) -> differences += isAsRecorded ? 0 : 1);
            pipeline.readImage(image);
        }

        @Override
        public void onRun(final RunStart start)
        {
            // Known.
        }

        @Override
        public void onSlot(final SlotRecord slot)
        {
            slots++;
            pipeline.onSlot(slot);
        }

        @Override
        public void onEnd(final long count)
        {
            throw new AssertionError("a process that was killed has ended its run");
        }

        @Override
        public void close()
        {
            pipeline.close();
        }
    }

    private void subscribe(final RawClient session, final int round) throws IOException
    {
        final String grantedHeads = granted(session, "[\"newHeads\"]");
        final String grantedLogs = granted(session, "[\"logs\",{}]");
        sessionHeads = round == 0 ? grantedHeads : sessionHeads;
        sessionLogs = round == 0 ? grantedLogs : sessionLogs;
        assertEquals(sessionHeads, grantedHeads, "the session's ids");
        assertEquals(sessionLogs, grantedLogs, "the session's ids");
    }

    /** Behind what the session is told again. */
    private String granted(final RawClient session, final String params) throws IOException
    {
        session.sendText("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_subscribe\",\"params\":" + params + "}");
        String text = session.readText();
        while (!text.contains("\"id\":7"))
        {
            assertTrue(text.contains("\"subscription\":"), text);
            text = session.readText();
        }
        return text.substring(text.indexOf("\"result\":\"") + 10, text.lastIndexOf('"'));
    }

    /** What was published before the kill is there to be resumed behind. */
    private void assertHistories(final InetSocketAddress address) throws IOException
    {
        try (RawClient client = RawClient.connect(address))
        {
            final String headId = client.subscribe(
                "[\"newHeads\",{\"relay\":{\"resume\":{\"e\":\"" + epoch + "\",\"q\":" + (headNumber - 2) + "}}}]");
            for (int number = heads - 1; number <= heads; number++)
            {
                assertEquals(FakeUpstream.item(headId, SessionIT.head(number)), client.readText());
            }
            final String topicId = client.subscribe("[\"topic\",\"" + RelayToKill.TOPIC +
                "\",{\"relay\":{\"resume\":{\"e\":\"" + epoch + "\",\"q\":" + (topicNumber - 1) + "}}}]");
            assertEquals(FakeUpstream.item(topicId, Long.toString(topicNumber)), client.readText());
        }
    }

    /** Twice what the journal may hold. */
    private void run(
        final FakeUpstream upstream, final RawClient session, final RawClient stamped, final RawClient caller)
        throws IOException
    {
        final String large = "\"" + "x".repeat(LARGE_BYTES) + "\"";
        for (long bytes = 0; bytes < 2 * MAX_BYTES; bytes += 2 * LARGE_BYTES)
        {
            caller.call("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"echo\",\"params\":[" + large + "]}");
            upstream.publish("newHeads", SessionIT.head(++heads));
            upstream.publish("logs", SessionIT.log(SessionIT.hash(heads)));
            readSession(session);
            final Matcher position = POSITION.matcher(stamped.readText());
            assertTrue(position.matches());
            epoch = epoch == null ? position.group(1) : epoch;
            assertEquals(epoch, position.group(1));
            headNumber = headNumber == 0 ? Long.parseLong(position.group(2)) : headNumber + 1;
            assertEquals(headNumber, Long.parseLong(position.group(2)));
            publishToTopic(caller);
        }
    }

    private void publishToTopic(final RawClient caller) throws IOException
    {
        final String answer = caller.call("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":" +
            "\"relay_publish\",\"params\":[\"" + RelayToKill.TOPIC + "\"," + (topicNumber + 1) + "]}");
        final Matcher published = RESULT.matcher(answer);
        assertTrue(published.matches(), answer);
        assertEquals(++topicNumber, Long.parseLong(published.group(1)));
    }

    /** Each head, the first of a connection perhaps once more, and the log of each. */
    private void readSession(final RawClient session) throws IOException
    {
        boolean hasLog = false;
        while (seenHead < heads || !hasLog)
        {
            final String text = session.readText();
            if (text.contains(sessionLogs))
            {
                hasLog = text.contains(SessionIT.hash(heads));
            }
            else
            {
                int number = seenHead + 1;
                while (number > 0 && !text.contains("\"hash\":\"" + SessionIT.hash(number) + "\""))
                {
                    number--;
                }
                assertTrue(number > 0, text);
                seenHead = Math.max(seenHead, number);
            }
        }
    }

    private FakeUpstream startUpstream() throws IOException
    {
        final FakeUpstream upstream = FakeUpstream.start();
        upstream.on("eth_getBlockByHash", call -> call.answer(byHash(call.params())));
        upstream.on("eth_getBlockByNumber", call -> call.answer(SessionIT.head(heads)));
        return upstream;
    }

    private String byHash(final String params)
    {
        for (int number = heads; number >= 0; number--)
        {
            if (params.contains(SessionIT.hash(number)))
            {
                return SessionIT.head(number);
            }
        }
        return "null";
    }
}
