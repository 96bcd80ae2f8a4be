package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.JournalPolicy;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Whatever becomes of the journal, the ring goes on, and what is not whole is not taken for whole. */
@Timeout(120)
class JournalFaultIT
{
    private static final int MANY = 4 * JournalBed.RING_SLOTS;

    @TempDir
    private Path dir;

    /** As when the disk is full and a page of a file in memory is not there. */
    @ParameterizedTest
    @EnumSource(JournalPolicy.class)
    void shouldLetTheRingGoOnGivenAnErrorInTheArchive(final JournalPolicy policy)
    {
        final AtomicInteger faults = new AtomicInteger(-1);
        try (JournalBed bed = new JournalBed(dir, policy, JournalBed.PATIENT_MS, work -> () ->
        {
            if (faults.get() >= 0)
            {
                faults.incrementAndGet();
                throw new InternalError("a fault occurred in an unsafe memory access operation");
            }
            return work.getAsInt();
        }))
        {
            bed.journal.start();
            bed.pass(MANY);
            faults.set(0);

            bed.pass(MANY);

            assertEquals(1, bed.count(RelayCounter.JOURNAL_BREAKS));
            assertEquals(1, faults.get(), "what has failed is not asked again");
        }
    }

    @Test
    void shouldGiveTheJournalUpGivenADiskThatDoesNotAnswer() throws Exception
    {
        final CountDownLatch isToStick = new CountDownLatch(1);
        final CountDownLatch answer = new CountDownLatch(1);
        try (JournalBed bed = new JournalBed(dir, JournalPolicy.BREAK, JournalBed.IMPATIENT_MS, work -> () ->
            isToStick.getCount() > 0 ? work.getAsInt() : stick(answer)))
        {
            bed.journal.start();
            bed.pass(MANY);
            isToStick.countDown();

            bed.pass(MANY);

            assertEquals(1, bed.count(RelayCounter.JOURNAL_BREAKS));
            answer.countDown();
            bed.pass(MANY);
        }
        finally
        {
            answer.countDown();
        }
        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNull(bed.past);
        }
    }

    @Test
    void shouldHoldGivenADiskThatDoesNotAnswerForAWhile() throws Exception
    {
        final CountDownLatch isToStick = new CountDownLatch(1);
        final CountDownLatch answer = new CountDownLatch(1);
        try (JournalBed bed = new JournalBed(dir, JournalPolicy.HOLD, JournalBed.IMPATIENT_MS, work -> () ->
            isToStick.getCount() > 0 || answer.getCount() == 0 ? work.getAsInt() : stick(answer)))
        {
            bed.journal.start();
            isToStick.countDown();
            JournalBed.await("a full ring", () -> !bed.tryPass());

            JournalBed.await("the hold", () -> bed.count(RelayCounter.JOURNAL_HOLDS) > 0);
            assertFalse(bed.tryPass());
            answer.countDown();
            bed.pass(MANY);

            assertEquals(1, bed.count(RelayCounter.JOURNAL_HOLDS));
            assertEquals(0, bed.count(RelayCounter.JOURNAL_BREAKS));
        }
        finally
        {
            answer.countDown();
        }
    }

    /** The archive ends a recording whose next file it can't make; its publication then looks like a slow one. */
    @ParameterizedTest
    @EnumSource(JournalPolicy.class)
    void shouldBreakGivenARecordingThatHasEnded(final JournalPolicy policy) throws IOException
    {
        try (JournalBed bed = new JournalBed(dir, policy, JournalBed.PATIENT_MS, UnaryOperator.identity()))
        {
            bed.journal.start();
            Files.createFile(dir.resolve("archive").resolve("0-" + (1 << 20) + ".rec"));

            JournalBed.await("the break", () ->
            {
                bed.tryPass();
                return bed.count(RelayCounter.JOURNAL_BREAKS) > 0;
            });

            bed.pass(MANY);
            assertEquals(1, bed.count(RelayCounter.JOURNAL_BREAKS));
        }
    }

    @Test
    void shouldKnowThatARunIsBrokenGivenADiskThatCouldNotBeTold() throws IOException
    {
        Assumptions.assumeTrue(EmbeddedArchive.memoryDir(dir) != null, "this system has no files in memory");
        final AtomicInteger faults = new AtomicInteger(-1);
        final Path mark = dir.resolve("whole-0");
        try (JournalBed bed = new JournalBed(dir, JournalPolicy.BREAK, JournalBed.PATIENT_MS, work -> () ->
        {
            if (faults.get() >= 0)
            {
                throw new IllegalStateException("the archive is gone");
            }
            return work.getAsInt();
        }))
        {
            bed.journal.start();
            bed.pass(MANY);
            // It can't be deleted.
            Files.delete(mark);
            Files.createDirectory(mark);
            Files.createFile(mark.resolve("stays"));
            faults.set(0);
            bed.pass(MANY);
            assertEquals(1, bed.count(RelayCounter.JOURNAL_BREAKS));
        }
        Files.delete(mark.resolve("stays"));
        Files.delete(mark);
        Files.createFile(mark);

        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNull(bed.past);
            assertFalse(Files.exists(mark), "the disk knows it now");
        }
        try (JournalBed bed = JournalBed.started(dir))
        {
            assertEquals(1, bed.past.number());
        }
    }

    /** The thread that was stuck is over by the time that the disk can be told. */
    @Test
    void shouldTellTheDiskOfABrokenRunGivenThatItTakesThatLaterOnly() throws IOException
    {
        final CountDownLatch isToStick = new CountDownLatch(1);
        final CountDownLatch answer = new CountDownLatch(1);
        final Path mark = dir.resolve("whole-0");
        try (JournalBed bed = new JournalBed(dir, JournalPolicy.BREAK, JournalBed.IMPATIENT_MS, work -> () ->
            isToStick.getCount() > 0 ? work.getAsInt() : stick(answer)))
        {
            bed.journal.start();
            bed.pass(MANY);
            // It can't be deleted.
            Files.delete(mark);
            Files.createDirectory(mark);
            Files.createFile(mark.resolve("stays"));
            isToStick.countDown();
            bed.pass(MANY);
            answer.countDown();
            JournalBed.await("the end of the archive", () -> Files.notExists(EmbeddedArchive.driverDir(dir)));

            Files.delete(mark.resolve("stays"));

            JournalBed.await("the disk to know", () -> Files.notExists(mark));
        }
        finally
        {
            answer.countDown();
        }
    }

    @Test
    void shouldKeepTheBuffersSmall() throws IOException
    {
        try (JournalBed bed = JournalBed.started(dir))
        {
            bed.pass(MANY);
            long bytes = 0;
            try (var files = Files.walk(EmbeddedArchive.driverDir(dir)))
            {
                for (final Path file : files.filter(Files::isRegularFile).toList())
                {
                    bytes += Files.size(file);
                }
            }
            assertTrue(bytes > 0 && bytes < 24 << 20, bytes + " bytes");
            assertFalse(Files.exists(dir.resolve("archive").resolve("archive-mark.dat")));
        }
    }

    private static int stick(final CountDownLatch answer)
    {
        try
        {
            answer.await();
        }
        catch (final InterruptedException e)
        {
            throw new AssertionError(e);
        }
        return 0;
    }
}
