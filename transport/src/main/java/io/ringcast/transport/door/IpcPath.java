package io.ringcast.transport.door;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The place of a Unix domain socket in the file system: taken by one server at a time, and never open to others.
 * Confined to the thread that starts and stops the relay.
 *
 * <p>Netty's native transports unlink whatever lies at a path before they bind, a live server's socket too, and the
 * system makes sockets with the mode that the umask leaves. So a lock file is taken first, which stays when the server
 * goes: taking it away could let two servers hold two files of one name. Then the socket is made in a directory that
 * only the owner may enter, gets its mode, and is moved to its path in one step.
 */
final class IpcPath implements AutoCloseable
{
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> PRIVATE_FILE = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int MAX_TRIES = 1000;

    private final Path path;
    private final FileChannel lockFile;
    private Path directory;
    private Object fileKey;

    private IpcPath(final Path path, final FileChannel lockFile)
    {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Takes a path.
     *
     * @param path where the socket is to be.
     * @return the place; closed when the server stops.
     * @throws IOException if another server has it, or something that is no socket lies there.
     */
    static IpcPath take(final Path path) throws IOException
    {
        FileChannel lockFile = null;
        try
        {
            // No lock file is left beside what is somebody else's: it may mean something to that one.
            checkIsNoFile(path);
            lockFile = FileChannel.open(path.resolveSibling(path.getFileName() + ".lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PRIVATE_FILE);
            if (!tryLock(lockFile))
            {
                throw new IOException("another relay has it");
            }
            checkIsFree(path);
            return new IpcPath(path, lockFile);
        }
        catch (final IOException e)
        {
            if (lockFile != null)
            {
                lockFile.close();
            }
            throw new IOException("ipc=" + path + ": " + reasonOf(e), e);
        }
    }

    /** Gives the path to bind, in a directory of its own. */
    Path begin() throws IOException
    {
        for (int i = 0; i < MAX_TRIES; i++)
        {
            try
            {
                directory = Files.createDirectory(path.resolveSibling(".rc" + i), PRIVATE_DIRECTORY);
                return directory.resolve("s");
            }
            catch (final FileAlreadyExistsException ignored)
            {
                // Somebody else's, or left by a process that was killed.
            }
        }
        throw new IOException("ipc=" + path + ": no room beside it");
    }

    /** Moves the socket that was bound to its path; what a dead server left there is replaced. */
    void commit() throws IOException
    {
        final Path made = directory.resolve("s");
        Files.setPosixFilePermissions(made, OWNER_ONLY);
        Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
        fileKey = attributes(path).fileKey();
        Files.delete(directory);
        directory = null;
    }

    /** Gives the path back; the socket is taken away unless another one lies there by now. Harmless twice. */
    @Override
    public void close()
    {
        try (lockFile)
        {
            if (directory != null)
            {
                Files.deleteIfExists(directory.resolve("s"));
                Files.deleteIfExists(directory);
                directory = null;
            }
            if (fileKey != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS) &&
                fileKey.equals(attributes(path).fileKey()))
            {
                Files.delete(path);
            }
            fileKey = null;
        }
        catch (final IOException ignored)
        {
            // A socket file that stays is replaced at the next start.
        }
    }

    private static boolean tryLock(final FileChannel file) throws IOException
    {
        try
        {
            final FileLock lock = file.tryLock();
            return lock != null;
        }
        catch (final OverlappingFileLockException e)
        {
            return false;
        }
    }

    /** A node may listen there, which knows nothing of the lock. */
    private static void checkIsFree(final Path path) throws IOException
    {
        checkIsNoFile(path);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && isListening(path))
        {
            throw new IOException("another server listens there");
        }
    }

    private static void checkIsNoFile(final Path path) throws IOException
    {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !attributes(path).isOther())
        {
            throw new IOException("something lies there that is no socket");
        }
    }

    private static boolean isListening(final Path path)
    {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX))
        {
            return probe.connect(UnixDomainSocketAddress.of(path));
        }
        catch (final IOException e)
        {
            // A dead server left it.
            return false;
        }
    }

    private static BasicFileAttributes attributes(final Path path) throws IOException
    {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static String reasonOf(final IOException e)
    {
        if (e instanceof NoSuchFileException)
        {
            return "its directory does not exist; allowed: a path in one that does";
        }
        return e instanceof FileSystemException failure && failure.getReason() == null ?
            failure.getClass().getSimpleName() + " " + failure.getFile() : e.getMessage();
    }
}
