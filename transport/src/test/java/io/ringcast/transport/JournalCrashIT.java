package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.pipeline.ReplayPipeline;
import io.ringcast.transport.journal.JournalReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
 * A relay that is killed with SIGKILL, over and over, on one journal: what was delivered more than the sync interval
 * before is recorded, what is recorded is whole, and each start goes on with it. More rounds:
 * {@code -Dringcast.crash.rounds=100}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class JournalCrashIT
{
    private static final int ROUNDS = Integer.getInteger("ringcast.crash.rounds", 3);
    private static final long SEED = Long.getLong("ringcast.crash.seed", 1);
    private static final long SYNC_MS = 200;

    /** One item that the client has had. */
    private record Delivered(String item, long atNs)
    {
    }

    /** What is read back. Confined to the test's thread. */
    private static final class Recorded implements RecordReader.Listener
    {
        final Set<String> texts = new HashSet<>();
        long slots;
        long differences;
        RunStart start;
        private ReplayPipeline pipeline;

        void onFirst(final RunStart first)
        {
            pipeline = new ReplayPipeline(first,
                (slot, actions, isAsRecorded) -> differences += isAsRecorded ? 0 : 1);
        }

        @Override
        public void onRun(final RunStart runStart)
        {
            start = runStart;
        }

        @Override
        public void onSlot(final SlotRecord slot)
        {
            slots++;
            texts.add(new String(slot.text, 0, slot.textBytes, StandardCharsets.UTF_8));
            pipeline.onSlot(slot);
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
        long runs = 0;
        try (FakeUpstream upstream = FakeUpstream.start())
        {
            for (int round = 0; round < ROUNDS; round++)
            {
                final List<Delivered> delivered = new ArrayList<>();
                final long killedNs = runAndKill(upstream, round, random, delivered);
                final Recorded recorded = read();
                final String name = "seed " + SEED + ", round " + round;

                for (final Delivered item : delivered)
                {
                    final boolean mustBeThere = killedNs - item.atNs > TimeUnit.MILLISECONDS.toNanos(SYNC_MS);
                    assertTrue(!mustBeThere || recorded.texts.stream().anyMatch(text -> text.contains(item.item)),
                        () -> name + ": not recorded: " + item);
                }
                assertEquals(0, recorded.differences, name);
                assertEquals(round == 0 ? RunStart.NOTHING : runs - 1, recorded.start.continues(), name);
                runs++;
            }
        }
    }

    /** Gives the time of the kill. */
    private long runAndKill(
        final FakeUpstream upstream, final int round, final Random random, final List<Delivered> delivered)
        throws Exception
    {
        final Process process = RelayToKill.start(upstream.config().url().toString(), dir, SYNC_MS);
        try (RawClient client = RawClient.connect(new InetSocketAddress("127.0.0.1", RelayToKill.port(process))))
        {
            assertTrue(upstream.acceptCount() > round);
            client.subscribe("[\"newHeads\"]");
            awaitGrant(upstream);
            final int items = 20 + random.nextInt(400);
            for (int i = 0; i < items; i++)
            {
                final String item = "{\"round\":" + round + ",\"n\":" + i + ",\"x\":\"" +
                    "y".repeat(random.nextInt(20) == 0 ? 100_000 : random.nextInt(2_000)) + "\"}";
                upstream.publish("newHeads", item);
                assertTrue(client.readText().contains(item));
                delivered.add(new Delivered(item, System.nanoTime()));
                LockSupport.parkNanos(random.nextInt(3_000_000));
            }
            final long killedNs = System.nanoTime();
            process.destroyForcibly();
            process.waitFor();
            return killedNs;
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
            reader.read(runs.get(runs.size() - 1), recorded::onFirst, slot -> recorded.pipeline.onSlot(slot), recorded);
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
