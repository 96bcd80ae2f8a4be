package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.LoggedLines;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What a disk has lost. Behind a tail that it had not been told to keep the relay goes on; once something is gone that
 * it had for certain, numbers begin anew under another epoch. The relay comes up in any case.
 */
@Timeout(300)
class JournalDamageIT
{
    private static final int SLOTS = 30_000;
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final long PAGE_BYTES = 4096;
    private static final int CASES = 6;

    /** As a process that was killed has left it. */
    @TempDir
    private static Path killed;
    private static String epoch;
    private static long slots;
    /** Where the last record ends. */
    private static long endBytes;
    @RegisterExtension
    private final LoggedLines logged = new LoggedLines(JournalDamageIT.class.getPackageName());
    @TempDir
    private Path dir;

    /** What may happen to a file. */
    private enum Damage
    {
        FLIPPED, ZEROED_PAGE, ZEROED_TAIL, CUT_OFF, FLIPPED_LENGTH;

        void to(final Path archiveDir, final long position) throws IOException
        {
            final long at = position % SEGMENT_BYTES;
            try (RandomAccessFile access = new RandomAccessFile(file(archiveDir, position).toFile(), "rw"))
            {
                final long page = at / PAGE_BYTES * PAGE_BYTES;
                switch (this)
                {
                    case FLIPPED -> flip(access, at, 64);
                    case ZEROED_PAGE -> zero(access, page, page + PAGE_BYTES);
                    case ZEROED_TAIL -> zero(access, page, access.length());
                    case CUT_OFF -> access.setLength(at);
                    default -> flip(access, frameAt(access, at), 4);
                }
            }
        }

        private static void flip(final RandomAccessFile access, final long at, final int bytes) throws IOException
        {
            final byte[] flipped = new byte[bytes];
            access.seek(at);
            access.readFully(flipped);
            for (int i = 0; i < bytes; i++)
            {
                flipped[i] ^= 0x55;
            }
            access.seek(at);
            access.write(flipped);
        }

        private static void zero(final RandomAccessFile access, final long from, final long to) throws IOException
        {
            access.seek(from);
            access.write(new byte[(int)(to - from)]);
        }

        /** The first frame there or behind. */
        private static long frameAt(final RandomAccessFile access, final long at) throws IOException
        {
            long frame = 0;
            while (frame < at)
            {
                access.seek(frame);
                frame += Integer.reverseBytes(access.readInt()) + 31 & ~31;
            }
            return frame;
        }
    }

    /** The files while they are written to are what a process leaves that is killed then. */
    @BeforeAll
    static void recordAndKill(@TempDir final Path live) throws IOException
    {
        try (JournalBed bed = JournalBed.started(live))
        {
            epoch = bed.epoch();
            bed.pass(SLOTS);
            bed.awaitRecorded();
            slots = bed.count(RelayCounter.JOURNAL_SLOTS);
            JournalBed.await("all to be written", () -> slotsUpTo(live, Long.MAX_VALUE) == slots);
            copy(live, killed);
        }
        endBytes = read(killed, Long.MAX_VALUE, new Slots());
        assertTrue(endBytes > 2 * SEGMENT_BYTES, endBytes + " bytes");
    }

    @Test
    void shouldGoOnGivenNoDamage() throws IOException
    {
        copy(killed, dir);
        setSynced(0, endBytes);

        assertGoesOn(slots);
        assertGoesOn(slots);
    }

    /** Whatever is damaged wherever: nothing that the disk had is lost under the epoch in which it was numbered. */
    @ParameterizedTest
    @EnumSource(Damage.class)
    void shouldKeepWhatTheDiskHadOrBeginAnew(final Damage damage) throws IOException
    {
        final Random random = new Random(7);
        for (int i = 0; i < CASES; i++)
        {
            clear();
            copy(killed, dir);
            final long at = i % 2 == 0 ? random.nextLong(endBytes) : endBytes - 1 - random.nextInt(100_000);
            final long synced = read(dir, i % 3 == 0 ? endBytes : random.nextLong(endBytes), new Slots());
            final long syncedSlots = slotsUpTo(dir, synced);
            setSynced(0, synced);
            damage.to(dir.resolve("archive"), at);
            final boolean isLost = read(dir, Long.MAX_VALUE, new Slots()) < synced;

            final String name = damage + " at " + at + ", synced " + synced;
            try (JournalBed bed = JournalBed.started(dir))
            {
                assertEquals(isLost, bed.past == null, name);
                assertEquals(isLost, !epoch.equals(bed.epoch()), name);
                assertEquals(isLost ? 1 : 0, bed.count(RelayCounter.JOURNAL_DAMAGES), name);
                assertTrue(isLost || bed.restoredSlots >= syncedSlots, name);
                bed.pass(10);
                bed.awaitRecorded();
            }
            try (JournalBed bed = JournalBed.started(dir))
            {
                assertNotNull(bed.past, name);
                assertEquals(1, bed.past.number(), name);
                assertEquals(isLost, !epoch.equals(bed.epoch()), name);
                assertEquals(0, bed.count(RelayCounter.JOURNAL_DAMAGES), "told once");
            }
        }
    }

    @Test
    void shouldKeepAllInFrontOfTheDamageGivenATailThatTheDiskDidNotHave() throws IOException
    {
        copy(killed, dir);
        setSynced(0, endBytes - 4 * PAGE_BYTES);
        Damage.FLIPPED.to(dir.resolve("archive"), endBytes - 1500);
        final long whole = slotsUpTo(dir, Long.MAX_VALUE);
        assertTrue(whole > slots - 20 && whole < slots, whole + " of " + slots);

        assertGoesOn(whole);
        assertOneWarning("is torn");
        assertGoesOn(whole);
        assertOneWarning("is torn");
    }

    @Test
    void shouldBeginAnewGivenAFileThatIsGone() throws IOException
    {
        copy(killed, dir);
        setSynced(0, endBytes);
        Files.delete(file(dir.resolve("archive"), SEGMENT_BYTES));

        assertBeginsAnew();
    }

    @Test
    void shouldBeginAnewGivenADamageInARunThatEndedInOrder() throws IOException
    {
        try (JournalBed bed = JournalBed.started(dir))
        {
            bed.pass(SLOTS / 4);
        }
        Damage.FLIPPED.to(dir.resolve("archive"), SEGMENT_BYTES / 2);

        assertBeginsAnew();
    }

    @Test
    void shouldBeginAnewGivenADamageInARunBefore() throws IOException
    {
        for (int i = 0; i < 2; i++)
        {
            try (JournalBed bed = JournalBed.started(dir))
            {
                bed.pass(SLOTS / 4);
            }
        }
        Damage.FLIPPED.to(dir.resolve("archive"), SEGMENT_BYTES / 2);

        assertBeginsAnew();
    }

    /** Else the one before it would be taken for the last, and its numbers be given again. */
    @Test
    void shouldBeginAnewGivenThatNothingIsLeftOfTheLastRun(@TempDir final Path second) throws IOException
    {
        for (int i = 0; i < 2; i++)
        {
            try (JournalBed bed = JournalBed.started(dir))
            {
                bed.pass(10);
                bed.awaitRecorded();
                if (i == 1)
                {
                    JournalBed.await("all to be written", () -> slotsUpTo(dir, 1, Long.MAX_VALUE) >= 10);
                    copy(dir, second);
                }
            }
        }
        clear();
        copy(second, dir);
        setSynced(1, PAGE_BYTES);
        Files.write(dir.resolve("archive").resolve("1-0.rec"), new byte[SEGMENT_BYTES]);

        assertBeginsAnew();
    }

    @Test
    void shouldReplayWhatIsInFrontOfADamage() throws IOException
    {
        copy(killed, dir);
        setSynced(0, endBytes);
        Damage.FLIPPED.to(dir.resolve("archive"), endBytes / 2);
        final Slots read = new Slots();
        final long wholeBytes = read(dir, Long.MAX_VALUE, new Slots());

        try (JournalReader reader = JournalReader.open(dir))
        {
            assertEquals(wholeBytes, reader.read(reader.runs().get(0), (start, image) -> { }, slot -> { }, read));
        }

        assertEquals(slotsUpTo(dir, Long.MAX_VALUE), read.count);
        assertTrue(read.count > slots / 4, read.count + " of " + slots);
    }

    private void assertGoesOn(final long expectedSlots)
    {
        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNotNull(bed.past);
            assertEquals(epoch, bed.epoch());
            assertEquals(expectedSlots, bed.restoredSlots);
        }
    }

    private void assertBeginsAnew()
    {
        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNull(bed.past);
            assertNotEquals(epoch, bed.epoch());
            assertEquals(1, bed.count(RelayCounter.JOURNAL_DAMAGES));
        }
        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNotNull(bed.past, "the damaged run is of no more account");
        }
        assertOneWarning("begins anew");
    }

    private void assertOneWarning(final String text)
    {
        final List<ILoggingEvent> warnings =
            logged.all().stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN)).toList();
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).getFormattedMessage().contains(text), warnings::toString);
        assertNull(warnings.get(0).getThrowableProxy());
    }

    private void setSynced(final long run, final long position) throws IOException
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, true))
        {
            directory.setSynced(run, position);
            assertEquals(position, directory.syncedPosition(run));
        }
    }

    private static long slotsUpTo(final Path journal, final long endPosition)
    {
        return slotsUpTo(journal, 0, endPosition);
    }

    private static long slotsUpTo(final Path journal, final long run, final long endPosition)
    {
        final Slots read = new Slots();
        read(journal, run, endPosition, read);
        return read.count;
    }

    private static long read(final Path journal, final long endPosition, final Slots taker)
    {
        return read(journal, 0, endPosition, taker);
    }

    private static long read(final Path journal, final long run, final long endPosition, final Slots taker)
    {
        return new RecordedFrames(journal.resolve("archive")).read(
            new StoredRecording(run, "", 0, 0, -1, SEGMENT_BYTES, SEGMENT_BYTES,
            StoredRecording.RUN_STREAM), 0, endPosition,
            new RecordReader(taker)::onRecord);
    }

    private static Path file(final Path archiveDir, final long position)
    {
        return archiveDir.resolve("0-" + position / SEGMENT_BYTES * SEGMENT_BYTES + ".rec");
    }

    private void clear() throws IOException
    {
        try (Stream<Path> files = Files.walk(dir))
        {
            for (final Path file : files.filter(Files::isRegularFile).toList())
            {
                Files.delete(file);
            }
        }
    }

    private static void copy(final Path from, final Path to) throws IOException
    {
        try (Stream<Path> files = Files.walk(from))
        {
            for (final Path file : files.filter(Files::isRegularFile).toList())
            {
                final Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    /** Counts them. Confined to the test's thread. */
    private static final class Slots implements RecordReader.Listener
    {
        private long count;

        @Override
        public void onRun(final RunStart start)
        {
            // Known.
        }

        @Override
        public void onSlot(final SlotRecord slot)
        {
            count++;
        }

        @Override
        public void onEnd(final long ended)
        {
            // Not asked for.
        }
    }
}
