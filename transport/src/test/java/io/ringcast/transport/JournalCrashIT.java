package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A relay that is killed with SIGKILL, over and over, on one journal, while it runs and while it starts: what was
 * delivered more than the sync interval before is recorded and stays so, what is recorded is whole, and each start goes
 * on with it. More rounds:
 * {@code -Dringcast.crash.rounds=100}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class JournalCrashIT
{
    private static final int ROUNDS = Integer.getInteger("ringcast.crash.rounds", 3);
    private static final long SEED = Long.getLong("ringcast.crash.seed", 1);
    private static final long SYNC_MS = 600;

    private static final int MAX_KILLED_STARTS = 3;

    /** What the client has had so long before a kill that it must be recorded. */
    private final List<String> delivered = new ArrayList<>();
    /** How long a start takes. */
    private long startNs;

    /** What is read back. Confined to the test's thread. */
    private static final class Recorded implements RecordReader.Listener
    {
        final Set<String> texts = new HashSet<>();
        long slots;
        long differences;
        RunStart start;
        private ReplayPipeline pipeline;

        void onBefore(final SlotRecord slot)
        {
            take(slot);
        }

        private void take(final SlotRecord slot)
        {
            slots++;
            texts.add(new String(slot.text, 0, slot.textBytes, StandardCharsets.UTF_8));
            pipeline.onSlot(slot);
        }

        void begin(final RunStart first, final InputStream image) throws IOException
        {
            pipeline = new ReplayPipeline(first,
                (slot, actions, isAsRecorded) -> differences += isAsRecorded ? 0 : 1);
            if (image != null)
            {
                pipeline.readImage(image);
            }
        }

        @Override
        public void onRun(final RunStart runStart)
        {
            start = runStart;
        }

        @Override
        public void onSlot(final SlotRecord slot)
        {
            take(slot);
        }

        @Override
        public void onEnd(final long count)
        {
            throw new AssertionError("a process that was killed has ended its run");
        }
    }

    @TempDir
    private Path dir;

    @Test
    void shouldLoseNothingThatWasDeliveredBeforeTheSyncIntervalGivenAKill() throws Exception
    {
        final Random random = new Random(SEED);
        try (FakeUpstream upstream = FakeUpstream.start())
        {
            for (int round = 0; round < ROUNDS; round++)
            {
                runAndKill(upstream, round, random);
                final Recorded recorded = read();
                final String name = "seed " + SEED + ", round " + round;

                for (final String item : delivered)
                {
                    assertTrue(recorded.texts.stream().anyMatch(text -> text.contains(item)),
                        () -> name + ": not recorded: " + item);
                }
                assertEquals(0, recorded.differences, name);
                assertEquals(round == 0, recorded.start.continues() == RunStart.NOTHING, name);
                killStarts(upstream, random);
            }
        }
    }

    /** What a process that was killed leaves in memory goes with the next one on its journal. */
    @AfterEach
    void tidy()
    {
        JournalReader.open(dir).close();
    }

    private void killStarts(final FakeUpstream upstream, final Random random) throws Exception
    {
        for (int i = random.nextInt(MAX_KILLED_STARTS + 1); i > 0; i--)
        {
            final Process process = RelayToKill.start(upstream.config().url().toString(), dir, SYNC_MS);
            process.waitFor((long)(startNs * random.nextDouble()), TimeUnit.NANOSECONDS);
            process.destroyForcibly().waitFor();
        }
    }

    private void runAndKill(final FakeUpstream upstream, final int round, final Random random) throws Exception
    {
        final long beginNs = System.nanoTime();
        final Process process = RelayToKill.start(upstream.config().url().toString(), dir, SYNC_MS);
        try (RawClient client = RawClient.connect(new InetSocketAddress("127.0.0.1", RelayToKill.port(process))))
        {
            startNs = System.nanoTime() - beginNs;
            assertTrue(upstream.acceptCount() > round);
            client.subscribe("[\"newHeads\"]");
            awaitGrant(upstream);
            final int items = 20 + random.nextInt(400);
            final long[] atNs = new long[items];
            final List<String> sent = new ArrayList<>();
            for (int i = 0; i < items; i++)
            {
                final String item = "{\"round\":" + round + ",\"n\":" + i + ",\"x\":\"" +
                    "y".repeat(random.nextInt(20) == 0 ? 100_000 : random.nextInt(2_000)) + "\"}";
                upstream.publish("newHeads", item);
                assertTrue(client.readText().contains(item));
                sent.add(item);
                atNs[i] = System.nanoTime();
                LockSupport.parkNanos(random.nextInt(3_000_000));
            }
            final long killedNs = System.nanoTime();
            process.destroyForcibly();
            process.waitFor();
            for (int i = 0; i < items; i++)
            {
                if (killedNs - atNs[i] > TimeUnit.MILLISECONDS.toNanos(SYNC_MS))
                {
                    delivered.add(sent.get(i));
                }
            }
        }
        finally
        {
            process.destroyForcibly().waitFor();
        }
    }

    private static void awaitGrant(final FakeUpstream upstream)
    {
        TestBed.await("the upstream's grant", () -> upstream.hasSubscriber("newHeads"));
    }

    private Recorded read()
    {
        final Recorded recorded = new Recorded();
        try (JournalReader reader = JournalReader.open(dir))
        {
            final List<JournalReader.Run> runs = reader.runs();
            reader.read(runs.get(runs.size() - 1), recorded::begin, recorded::onBefore, recorded);
        }
        finally
        {
            if (recorded.pipeline != null)
            {
                recorded.pipeline.close();
            }
        }
        return recorded;
    }
}
