package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.ConfigException;
import io.ringcast.config.JournalConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.TlsChoice;
import io.ringcast.config.TlsConfig;
import io.ringcast.config.UpstreamConfig;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.ReplayPipeline;
import io.ringcast.transport.journal.JournalReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/** What goes into the ring is recorded on the disk, and a replay sends the same bytes. */
@Timeout(120)
class JournalIT
{
    private static final int ITEMS = 50;

    @TempDir
    private Path dir;

    /** Replays a run and counts. Confined to the test's thread. */
    private static final class Replayed implements RecordReader.Listener
    {
        long slots;
        long firstSlot;
        long differences;
        long end = -1;
        private ReplayPipeline pipeline;

        void begin(final RunStart first, final InputStream image) throws IOException
        {
            pipeline = new ReplayPipeline(first,
                (slot, actions, isAsRecorded) -> differences += isAsRecorded ? 0 : 1);
            if (image != null)
            {
                pipeline.readImage(image);
            }
        }

        void onBefore(final SlotRecord slot)
        {
            pipeline.onSlot(slot);
        }

        @Override
        public void onRun(final RunStart start)
        {
            firstSlot = start.firstSlot();
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
            end = count;
        }
    }

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    void shouldReplayTheSameBytesGivenARecordedRun(final Mode mode) throws IOException
    {
        try (TestBed bed = TestBed.start(mode, this::record))
        {
            final RawClient client = bed.client();
            final RawClient other = bed.client();
            final String id = client.subscribe("[\"newHeads\"]");
            other.subscribe("[\"logs\",{\"address\":\"0x" + "ab".repeat(20) + "\"}]");
            for (int i = 0; i < ITEMS; i++)
            {
                bed.upstream().publish("newHeads", "{\"n\":" + i + "}");
                assertEquals(FakeUpstream.item(id, "{\"n\":" + i + "}"), client.readText());
            }
            final String large = "\"" + "x".repeat(300_000) + "\"";
            other.sendText("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"echo\",\"params\":[" + large + "]}");
            assertEquals("{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":[" + large + "]}", other.readText());
            other.sendText("not JSON");
            other.readText();
            bed.awaitCount(RelayCounter.JOURNAL_SLOTS, ITEMS);
            assertEquals(0, bed.count(RelayCounter.JOURNAL_BREAKS));
        }

        final Replayed replayed = replay();
        assertEquals(0, replayed.differences);
        assertTrue(replayed.slots > ITEMS);
        assertEquals(replayed.firstSlot + replayed.slots, replayed.end);
    }

    @Test
    void shouldWriteNoSecretToTheDisk() throws IOException
    {
        try (FakeUpstream upstream = FakeUpstream.start();
            TestBed bed = TestBed.start(Mode.USUAL, upstream, config ->
            {
                record(config);
                final UpstreamConfig plain = upstream.config();
                config.networks().get(0).clearUpstreams().upstream(new UpstreamConfig(
                    "secretive", plain.url().resolve("/?key=query-secret"), Map.of("X-Api-Key", "header-secret"),
                    null, null));
            }))
        {
            bed.awaitUpstream();
            bed.client().subscribe("[\"newHeads\"]");
        }

        assertTrue(replay().slots > 0);
        try (Stream<Path> files = Files.walk(dir))
        {
            for (final Path file : files.filter(Files::isRegularFile).toList())
            {
                final String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertFalse(bytes.contains("-secret") || bytes.contains("Api-Key"), file.toString());
            }
        }
    }

    @Test
    void shouldBeginARunForEachStart() throws IOException
    {
        for (int i = 0; i < 3; i++)
        {
            TestBed.start(Mode.USUAL, this::record).close();
        }

        try (JournalReader reader = JournalReader.open(dir))
        {
            assertEquals(List.of("main", "main", "main"),
                reader.runs().stream().map(JournalReader.Run::networkName).toList());
            assertTrue(reader.runs().stream().allMatch(JournalReader.Run::isWhole));
        }
    }

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    void shouldGoOnWithTheNextNumberGivenARestart(final Mode mode) throws Exception
    {
        final BlockingQueue<Long> numbers = new LinkedBlockingQueue<>();
        for (int run = 0; run < 3; run++)
        {
            try (TestBed bed = TestBed.start(mode, this::record))
            {
                final RawClient client = bed.client();
                final String id = client.subscribe("[\"newHeads\"]");
                bed.relay().subscribe("[\"newHeads\"]", (number, bytes, offset, length) -> numbers.add(number));
                // A topic that was known is granted at once; the upstream is asked again all the same.
                bed.awaitCount(RelayCounter.FEEDS_SUBSCRIBED, run + 1);
                for (int i = 0; i < ITEMS; i++)
                {
                    bed.upstream().publish("newHeads", "{\"n\":" + i + "}");
                    assertEquals(FakeUpstream.item(id, "{\"n\":" + i + "}"), client.readText());
                    assertEquals(ITEMS * run + i + 1, numbers.take());
                }
                client.sendText("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"echo\",\"params\":[" + run + "]}");
                assertEquals("{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":[" + run + "]}", client.readText());
            }
        }

        final Replayed replayed = replay();
        assertEquals(0, replayed.differences);
        assertTrue(replayed.firstSlot > 2 * ITEMS);
        assertEquals(replayed.firstSlot + replayed.slots, replayed.end);
    }

    @Test
    void shouldGoOnBehindTheLastRunGivenAStartThatFailed() throws Exception
    {
        final BlockingQueue<Long> numbers = new LinkedBlockingQueue<>();
        for (int run = 0; run < 2; run++)
        {
            try (TestBed bed = TestBed.start(Mode.USUAL, this::record))
            {
                final RawClient client = bed.client();
                client.subscribe("[\"newHeads\"]");
                bed.relay().subscribe("[\"newHeads\"]", (number, bytes, offset, length) -> numbers.add(number));
                bed.awaitCount(RelayCounter.FEEDS_SUBSCRIBED, run + 1);
                bed.upstream().publish("newHeads", "{\"n\":1}");
                client.readText();
                assertEquals(run + 1, numbers.take());
            }
            assertThrows(ConfigException.class, () -> TestBed.start(Mode.USUAL, config ->
            {
                record(config);
                final Path none = dir.resolve("none");
                config.doors(config.doors().toBuilder().tls(
                    TlsConfig.builder().certificate(none).key(none).provider(TlsChoice.JDK).build()).build());
            }));
        }
    }

    @Test
    void shouldBeginAnewGivenOtherSettings() throws Exception
    {
        final BlockingQueue<Long> numbers = new LinkedBlockingQueue<>();
        for (final int repairMs : List.of(1_000, 2_000))
        {
            try (TestBed bed = TestBed.start(Mode.USUAL, config ->
            {
                record(config);
                config.timing(config.timing().toBuilder().repairDeadlineMs(repairMs).build());
            }))
            {
                final RawClient client = bed.client();
                client.subscribe("[\"newHeads\"]");
                bed.relay().subscribe("[\"newHeads\"]", (number, bytes, offset, length) -> numbers.add(number));
                bed.upstream().publish("newHeads", "{\"n\":1}");
                client.readText();
                assertEquals(1, numbers.take());
            }
        }
    }

    @Test
    void shouldRefuseADirectoryThatIsInUse() throws IOException
    {
        try (TestBed bed = TestBed.start(Mode.USUAL, this::record))
        {
            bed.awaitUpstream();

            assertThrows(ConfigException.class, () -> TestBed.start(Mode.USUAL, this::record));
            assertThrows(ConfigException.class, () -> JournalReader.open(dir));
        }
    }

    @Test
    void shouldStayWithinItsBytesGivenMoreThanThat() throws IOException
    {
        try (TestBed bed = TestBed.start(Mode.USUAL, config -> config.journal(
            JournalConfig.builder().dir(dir).set(JournalConfig.MAX_BYTES, JournalConfig.MAX_BYTES.min())
                .set(JournalConfig.PUSH_BACK_MS, TestBed.TIMEOUT_MS)
                .set(JournalConfig.SYNC_INTERVAL_MS, 2 * TestBed.TIMEOUT_MS).build())))
        {
            final RawClient client = bed.client();
            final String large = "\"" + "x".repeat(500_000) + "\"";
            for (int i = 0; i < 60; i++)
            {
                client.sendText("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"echo\",\"params\":[" + large + "]}");
                client.readText();
                if (i % 10 == 9)
                {
                    // More than a quarter of maxBytes later; who writes all of it meanwhile leaves no room for one.
                    bed.awaitCount(RelayCounter.JOURNAL_CHECKPOINTS, (i + 1) / 10);
                }
            }
            bed.awaitCount(RelayCounter.JOURNAL_PURGED_BYTES, 1);
            assertEquals(0, bed.count(RelayCounter.JOURNAL_BREAKS));
        }

        try (JournalReader reader = JournalReader.open(dir))
        {
            final JournalReader.Run run = reader.runs().get(0);
            assertTrue(run.isWhole(), run.fault());
            assertNotNull(run.checkpoint(), "its beginning is gone");
            assertTrue(run.bytes() <= JournalConfig.MAX_BYTES.min(), run.toString());
        }
    }

    private void record(final RelayConfig.Builder config)
    {
        config.journal(JournalConfig.builder().dir(dir).build());
    }

    private Replayed replay()
    {
        final Replayed replayed = new Replayed();
        try (JournalReader reader = JournalReader.open(dir))
        {
            final List<JournalReader.Run> runs = reader.runs();
            reader.read(runs.get(runs.size() - 1), replayed::begin, replayed::onBefore, replayed);
        }
        finally
        {
            if (replayed.pipeline != null)
            {
                replayed.pipeline.close();
            }
        }
        return replayed;
    }
}
