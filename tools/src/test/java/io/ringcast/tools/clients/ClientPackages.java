package io.ringcast.tools.clients;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Assumptions;

/**
 * The locked npm packages of {@code src/test/clients}: installed once, when they are missing or older than the lock.
 * Confined to the test thread.
 * <p>
 * Without Node 20 and npm the tests that ask for the packages are skipped with a banner; where the environment
 * variable {@code RINGCAST_REQUIRE_CLIENTS} is {@code true} they fail.
 */
final class ClientPackages
{
    static final Path DIRECTORY = Path.of("src", "test", "clients").toAbsolutePath();

    private static final int OLDEST_NODE = 20;
    private static final long INSTALL_LIMIT_MINUTES = 5;
    private static final int SHOWN_LINES = 12;

    private ClientPackages()
    {
    }

    /** Installs the packages where needed; skips or fails the calling test where that cannot be done. */
    static void require()
    {
        final String missing = missing();
        if (missing == null)
        {
            return;
        }
        final String line = "*".repeat(100);
        System.out.printf("%n%s%n*** CLIENT TESTS NOT RUN: %s%n%s%n%n", line, missing, line);
        if ("true".equals(System.getenv("RINGCAST_REQUIRE_CLIENTS")))
        {
            throw new AssertionError("RINGCAST_REQUIRE_CLIENTS=true, but " + missing);
        }
        Assumptions.abort(missing);
    }

    /**
     * The node program that a platform package of @foundry-rs/anvil holds. The package above them cannot be locked
     * where one of its five platforms is not to be had, so the lock names Linux on amd64, and only that.
     */
    static Path anvil()
    {
        return DIRECTORY.resolve(Path.of("node_modules", "@foundry-rs", "anvil-linux-amd64", "bin", "anvil"));
    }

    /** What stands in the way of the tests, in words, or null. */
    private static String missing()
    {
        try
        {
            final String version = output(List.of("node", "--version"));
            final Matcher matcher = Pattern.compile("v(\\d+)\\..*", Pattern.DOTALL).matcher(version);
            if (!matcher.matches() || Integer.parseInt(matcher.group(1)) < OLDEST_NODE)
            {
                return "Node " + OLDEST_NODE + " or newer is needed, found " + version.strip();
            }
            install();
            return Files.isExecutable(anvil()) ? null :
                "anvil is locked for Linux on amd64 only; there is no " + anvil();
        }
        catch (final IOException failure)
        {
            return "Node " + OLDEST_NODE + " or newer with npm is needed: " + failure.getMessage();
        }
    }

    /** The tests run in several JVMs: one installs, the others wait for it. */
    private static void install() throws IOException
    {
        final Path target = Files.createDirectories(Path.of("target"));
        try (FileChannel file = FileChannel.open(
            target.resolve("clients.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock alone = file.lock())
        {
            if (alone.isValid() && !isInstalled())
            {
                output(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"));
            }
        }
    }

    private static boolean isInstalled() throws IOException
    {
        final Path installed = DIRECTORY.resolve(Path.of("node_modules", ".package-lock.json"));
        return Files.exists(installed) && Files.getLastModifiedTime(installed)
            .compareTo(Files.getLastModifiedTime(DIRECTORY.resolve("package-lock.json"))) >= 0;
    }

    private static String output(final List<String> command) throws IOException
    {
        final Path log = Files.createTempFile("ringcast-clients", ".log");
        final Process process = new ProcessBuilder(command).directory(DIRECTORY.toFile())
            .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try
        {
            final boolean ended = process.waitFor(INSTALL_LIMIT_MINUTES, TimeUnit.MINUTES);
            final String output = Files.readString(log, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0)
            {
                throw new IOException(String.join(" ", command) + (ended ? " failed: " : " did not end: ") +
                    output.lines().limit(SHOWN_LINES).collect(Collectors.joining("\n")));
            }
            return output;
        }
        catch (final InterruptedException interrupted)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + command, interrupted);
        }
        finally
        {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.deleteIfExists(log);
        }
    }
}
