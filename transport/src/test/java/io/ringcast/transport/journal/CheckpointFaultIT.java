package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringcast.config.JournalConfig;
import io.ringcast.config.JournalPolicy;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.LoggedLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Whatever becomes of a checkpoint, the journal goes on within its bytes, and there is a next one. */
@Timeout(120)
class CheckpointFaultIT
{
    private static final long MAX_BYTES = JournalConfig.MAX_BYTES.min();
    private static final long DUE_BYTES = MAX_BYTES / 4 + (1 << 20);
    private static final int IMAGE_BYTES = 1_500_000;

    @RegisterExtension
    private final LoggedLines logged = new LoggedLines(JournalSpace.class);
    @TempDir
    private Path dir;

    @ParameterizedTest
    @EnumSource(value = Checkpointer.Step.class, names = "COUNTED", mode = EnumSource.Mode.EXCLUDE)
    void shouldMakeTheNextGivenAnErrorBehindAStep(final Checkpointer.Step step) throws IOException
    {
        final AtomicBoolean hasFailed = new AtomicBoolean();
        try (JournalBed bed = started(UnaryOperator.identity(), done ->
        {
            if (done == step && hasFailed.compareAndSet(false, true))
            {
                throw new NoClassDefFoundError("a class of the stages");
            }
        }))
        {
            bed.passBytes(DUE_BYTES);
            JournalBed.await("the end of the first", bed.journal::isAtRest);
            assertEquals(1, bed.count(RelayCounter.JOURNAL_CHECKPOINT_FAILURES));
            JournalBed.await("its files to go", () -> files(1) == 0);
            assertFalse(Files.exists(dir.resolve("whole-1")));

            bed.passBytes(DUE_BYTES);
            JournalBed.await("the next", () -> bed.count(RelayCounter.JOURNAL_CHECKPOINTS) > 0);
            assertEquals(1, bed.count(RelayCounter.JOURNAL_CHECKPOINT_FAILURES));
            assertEquals(0, bed.count(RelayCounter.JOURNAL_BREAKS));
        }
    }

    /** As on a disk that takes minutes to force it. */
    @Test
    void shouldGiveItsSpaceBackGivenACheckpointThatTakesItsTime() throws IOException
    {
        final CountDownLatch end = new CountDownLatch(1);
        try (JournalBed bed = started(UnaryOperator.identity(), done ->
        {
            if (done == Checkpointer.Step.FORCED)
            {
                await(end);
            }
        }))
        {
            bed.passBytes(DUE_BYTES);
            JournalBed.await("its files", () -> files(1) > 1);
            // All that there may be, but for a file and a half.
            bed.passBytes(MAX_BYTES - DUE_BYTES - (5 << 19));

            JournalBed.await("its files to go", () -> files(1) == 0);
            assertEquals(0, bed.count(RelayCounter.JOURNAL_CHECKPOINT_FAILURES), "who makes it does not know yet");
            end.countDown();

            JournalBed.await("the failure", () -> bed.count(RelayCounter.JOURNAL_CHECKPOINT_FAILURES) > 0);
            assertEquals(0, bed.count(RelayCounter.JOURNAL_CHECKPOINTS));
            assertEquals(0, bed.count(RelayCounter.JOURNAL_BREAKS));
            assertEquals(List.of(), logged.texts(), "nothing is lost");
        }
        finally
        {
            end.countDown();
        }
    }

    /** Nobody hands its records on any more. */
    @Test
    void shouldGiveItUpGivenAnArchiveThatHasFailed() throws IOException
    {
        final AtomicBoolean isToFail = new AtomicBoolean();
        try (JournalBed bed = started(work -> () ->
        {
            if (isToFail.get())
            {
                throw new InternalError("a fault occurred in an unsafe memory access operation");
            }
            return work.getAsInt();
        }, done -> isToFail.set(true)))
        {
            bed.passBytes(DUE_BYTES);

            JournalBed.await("the failure", () -> bed.count(RelayCounter.JOURNAL_CHECKPOINT_FAILURES) == 1);
            JournalBed.await("the break", () -> bed.count(RelayCounter.JOURNAL_BREAKS) == 1);
        }
    }

    private JournalBed started(
        final UnaryOperator<IntSupplier> archiveWork, final Consumer<Checkpointer.Step> onStep)
    {
        final JournalBed bed = new JournalBed(dir, JournalPolicy.BREAK, JournalBed.PATIENT_MS, archiveWork,
            parts -> new OpaqueShadow(IMAGE_BYTES), onStep);
        bed.journal.start();
        return bed;
    }

    private long files(final long recordingId)
    {
        try (Stream<Path> files = Files.list(dir.resolve("archive")))
        {
            return files.filter(file -> file.getFileName().toString().startsWith(recordingId + "-")).count();
        }
        catch (final IOException e)
        {
            throw new AssertionError(e);
        }
    }

    private static void await(final CountDownLatch latch)
    {
        try
        {
            latch.await();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }
}
