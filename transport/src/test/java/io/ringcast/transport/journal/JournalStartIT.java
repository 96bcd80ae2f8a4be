package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.config.ConfigException;
import io.ringcast.config.JournalConfig;
import io.ringcast.config.JournalPolicy;
import io.ringcast.config.RelayConfig;
import io.ringcast.journal.FakeSink;
import io.ringcast.journal.JournalSink;
import io.ringcast.journal.RunStart;
import io.ringcast.metrics.CounterSet;
import io.ringcast.pipeline.PipelineParts;
import io.ringcast.pipeline.ThreadingMode;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A start that comes to nothing leaves what was recorded as it was. */
@Timeout(120)
class JournalStartIT
{
    @TempDir
    private Path dir;

    @Test
    void shouldGoOnWithTheLastRunGivenAProcessThatEndedWhileItStarted()
    {
        record(1);
        leave(null, 0);
        leaveUnmarked();

        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNotNull(bed.past);
            assertEquals(0, bed.past.number());
        }
        assertEquals(List.of(0L, 3L), runs().stream().map(JournalReader.Run::number).toList());
    }

    @Test
    void shouldGoOnWithTheLastRunGivenAStartThatFailed()
    {
        record(1);
        for (int i = 0; i < 3; i++)
        {
            new JournalBed(dir, JournalPolicy.BREAK, JournalBed.PATIENT_MS, UnaryOperator.identity()).close();
        }

        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNotNull(bed.past);
            assertEquals(0, bed.past.number());
        }
    }

    @Test
    void shouldKeepTheBeginningGivenMoreShortRunsThanFilesMayBe()
    {
        // The journal may hold 32 files.
        record(34);

        assertTrue(runs().stream().allMatch(JournalReader.Run::isWhole), () -> runs().toString());
        assertEquals(34, runs().size());
    }

    @Test
    void shouldBeginAnewGivenRecordsOfAnotherVersion()
    {
        record(1);
        final UnsafeBuffer record = new UnsafeBuffer(new byte[256]);
        record.putByte(1, (byte)99);
        leave(record, 1);

        final List<JournalReader.Run> listed = runs();
        assertTrue(listed.get(0).isWhole());
        assertTrue(listed.get(1).fault().contains("records of version 99"), listed.get(1).fault());
        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNull(bed.past);
        }
    }

    /** Another network may have yet to go on with it. */
    @Test
    void shouldDeleteNoOlderRunBeforeTheStart()
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[1 << 16]);
        record.putByte(1, (byte)99);
        leave(record, (int)(JournalConfig.MAX_BYTES.min() / record.capacity()));
        final Path oldest = dir.resolve("archive").resolve("0-0.rec");
        final AtomicInteger turns = new AtomicInteger();
        try (JournalBed bed = new JournalBed(dir, JournalPolicy.BREAK, JournalBed.PATIENT_MS, work -> () ->
        {
            turns.incrementAndGet();
            return work.getAsInt();
        }))
        {
            bed.pass(10);
            bed.awaitRecorded();
            final long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
            final int before = turns.get();
            JournalBed.await("a look at what is too much",
                () -> turns.get() > before + 100 && System.nanoTime() - untilNs > 0);
            assertTrue(Files.exists(oldest));

            bed.journal.start();
            JournalBed.await("the older run to go", () -> Files.notExists(oldest));
        }
    }

    @Test
    void shouldRefuseToStartGivenAnArchiveThatTakesNoRecord()
    {
        final RelayConfig config = RelayConfig.builder().upstream("ws://127.0.0.1:1")
            .journal(JournalBed.config(dir, JournalPolicy.BREAK, JournalBed.PATIENT_MS)).build();
        try (Journal journal = Journal.open(config.journal()))
        {
            final JournalSink sink = journal.newSink();
            final PipelineParts parts = new PipelineParts(
                config, config.networks().get(0), ThreadingMode.INVOKER, new CounterSet[]{new CounterSet()},
                UnpooledByteBufAllocator.DEFAULT, error -> { }).journal(new FakeSink(JournalSink.Result.BROKEN));
            final RunStart start = new RunStart("test", 0, 0, 1, "00", "", RunStart.NOTHING, 0);

            final ConfigException refusal = assertThrows(ConfigException.class, () -> journal.add(
                JournalBed.NETWORK, parts.build().journal(), sink, parts.journalCounters(), start, null, null, null));
            assertTrue(refusal.getMessage().contains("takes no record"), refusal.getMessage());
        }
    }

    private void record(final int runs)
    {
        for (int i = 0; i < runs; i++)
        {
            try (JournalBed bed = JournalBed.started(dir))
            {
                assertEquals(i > 0, bed.past != null);
                bed.pass(10);
                bed.awaitRecorded();
            }
        }
    }

    /** Leaves a recording with some records, or none, as another relay may have. */
    private void leave(final DirectBuffer record, final int count)
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, true);
            EmbeddedArchive archive = new EmbeddedArchive(directory.archive(), directory.driver(), 1 << 20))
        {
            final OpenRecording recording = archive.record(JournalBed.NETWORK, 1_001);
            directory.setWhole(recording.recordingId());
            for (int i = 0; i < count; i++)
            {
                JournalBed.await("the offer", () ->
                {
                    archive.invoke();
                    return recording.publication().offer(record, 0, record.capacity()) > 0;
                });
                JournalBed.await("the record", () ->
                {
                    archive.invoke();
                    return recording.recordedPosition() >= recording.publication().position();
                });
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** As a process that is killed when the archive has just begun to record. */
    private void leaveUnmarked()
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, true);
            EmbeddedArchive archive = new EmbeddedArchive(directory.archive(), directory.driver(), 1 << 20))
        {
            archive.record(JournalBed.NETWORK, 1_001);
        }
    }

    private List<JournalReader.Run> runs()
    {
        try (JournalReader reader = JournalReader.open(dir))
        {
            return reader.runs();
        }
    }
}
