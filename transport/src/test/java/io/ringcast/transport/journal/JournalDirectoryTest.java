package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** That a run is broken is noted in memory, where others may put what they like. */
class JournalDirectoryTest
{
    private static final int NOBODY = 65_534;

    @TempDir
    private Path dir;
    private Path memory;
    private JournalDirectory directory;

    @BeforeEach
    void open()
    {
        memory = EmbeddedArchive.memoryDir(dir);
        Assumptions.assumeTrue(memory != null, "this system has no files in memory");
        directory = JournalDirectory.open(dir, true);
    }

    @AfterEach
    void close() throws IOException
    {
        if (directory != null)
        {
            directory.close();
            for (final String name : new String[]{"-broken-x", "-broken-3", "-broken-7", ""})
            {
                Files.deleteIfExists(beside(name));
            }
        }
    }

    private Path beside(final String name)
    {
        return memory.resolveSibling(memory.getFileName() + name);
    }

    @Test
    void shouldTellTheDiskWhatWasNotedGivenAFileThatIsNoNote() throws IOException
    {
        directory.setWhole(3);
        directory.noteBroken(3);
        assertFalse(directory.isWhole(3));
        Files.createFile(beside("-broken-x"));

        directory.writeNotes();

        assertTrue(Files.exists(beside("-broken-x")));
        assertFalse(Files.exists(beside("-broken-3")));
        assertFalse(Files.exists(dir.resolve("whole-3")));
    }

    @Test
    void shouldWriteToNoFileOfOthersGivenALinkInTheNotesPlace() throws IOException
    {
        directory.setWhole(3);
        final Path other = Files.writeString(dir.resolve("other"), "text");
        Files.createSymbolicLink(beside("-broken-3"), other);

        directory.noteBroken(3);
        directory.writeNotes();

        assertEquals("text", Files.readString(other));
        assertTrue(directory.isWhole(3));
    }

    @Test
    void shouldTakeNoFileOfAnotherUserForANote() throws IOException
    {
        directory.setWhole(7);
        Files.createFile(beside("-broken-7"));
        assertFalse(directory.isWhole(7));
        giveAway(beside("-broken-7"));

        directory.writeNotes();

        assertTrue(directory.isWhole(7));
        directory.setWhole(7);
        assertTrue(Files.exists(beside("-broken-7")), "it may be one that can't be deleted");
    }

    @Test
    void shouldKeepBuffersBesideTheArchiveGivenAnotherUsersFileInTheirPlace() throws IOException
    {
        Files.createFile(memory);
        giveAway(memory);

        assertNotEquals(memory, EmbeddedArchive.driverDir(dir));
    }

    private static void giveAway(final Path file) throws IOException
    {
        Assumptions.assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root may");
        Files.setAttribute(file, "unix:uid", NOBODY);
    }
}
