package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What was written is forced to the disk each interval, and what is gone is no fault of the disk. */
class FileSyncTest
{
    @TempDir
    private Path dir;

    @Test
    void shouldTakeAFileThatWasPurgedForNoFault()
    {
        assertDoesNotThrow(() -> FileSync.force(dir.resolve("0-0.rec")));
    }

    @Test
    void shouldKeepTheIntervalGivenASyncThatTakesItsTime()
    {
        assertEquals(200, FileSync.nextSyncNs(100, 100, 150));
        assertEquals(200, FileSync.nextSyncNs(100, 100, 200));
        assertEquals(260, FileSync.nextSyncNs(100, 100, 260), "at once, and none is made up for");
        assertEquals(Long.MIN_VALUE + 9, FileSync.nextSyncNs(Long.MAX_VALUE - 90, 100, Long.MAX_VALUE - 50));
    }

    /** Each network has a run of its own, and when the journal breaks, they all do at once. */
    @Test
    void shouldTellTheDiskOfAllBrokenRunsGivenThatItIsToEnd() throws IOException
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, true))
        {
            final FileSync sync = new FileSync(directory, 1 << 20, 60_000);
            for (long run = 1; run <= 3; run++)
            {
                directory.setWhole(run);
                sync.markBroken(run);
            }
            sync.tryClose(1);
            sync.start();

            assertTrue(sync.tryClose(TimeUnit.SECONDS.toMillis(10)));

            assertFalse(directory.isWhole(1) || directory.isWhole(2) || directory.isWhole(3));
        }
    }

    /** Else nothing would be forced any more, and nobody would know. */
    @Test
    void shouldSayThatTheDiskHasFailedGivenAnErrorAndGoOnDeleting() throws Exception
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, true))
        {
            final FileSync sync = new FileSync(directory, 1 << 20, 1);
            sync.add(new OpenRecording(null, 1, new FailingCounters(), 0));
            sync.start();

            JournalBed.await("the failure", sync::hasFailed);

            final AtomicBoolean isDeleted = new AtomicBoolean();
            sync.delete(() ->
            {
                isDeleted.set(true);
                return null;
            }).get(10, TimeUnit.SECONDS);
            assertTrue(isDeleted.get());
            assertTrue(sync.tryClose(TimeUnit.SECONDS.toMillis(10)));
        }
    }

    /** Whoever waits for it waits with the journal's ring. */
    @Test
    void shouldLetNobodyWaitForADeletionWhenItHasEnded()
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, true))
        {
            final FileSync sync = new FileSync(directory, 1 << 20, 60_000);
            sync.start();
            assertTrue(sync.tryClose(TimeUnit.SECONDS.toMillis(10)));

            final Future<Void> deletion = sync.delete(() -> null);

            assertThrows(CancellationException.class, () -> deletion.get(1, TimeUnit.SECONDS));
        }
    }

    /** As of a page of a file that the disk can't give. */
    private static final class FailingCounters extends CountersReader
    {
        FailingCounters()
        {
            super(new UnsafeBuffer(new byte[CountersReader.METADATA_LENGTH]), new UnsafeBuffer(
                new byte[CountersReader.COUNTER_LENGTH]));
        }

        @Override
        public long getCounterValue(final int counterId)
        {
            throw new InternalError("a fault in a mapped file");
        }
    }

    @Test
    void shouldTellTheDiskOfABrokenRunGivenThatNoneIsRecordedAnyMore() throws IOException
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, true))
        {
            directory.setWhole(1);
            final FileSync sync = new FileSync(directory, 1 << 20, 60_000);
            sync.start();
            sync.syncLast();

            sync.markBroken(1);

            JournalBed.await("the mark", () -> !directory.isWhole(1));
            assertTrue(sync.tryClose(TimeUnit.SECONDS.toMillis(10)));
        }
    }
}
