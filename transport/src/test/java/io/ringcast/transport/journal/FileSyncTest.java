package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

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
}
