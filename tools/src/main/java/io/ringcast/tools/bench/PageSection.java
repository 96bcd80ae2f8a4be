package io.ringcast.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page that one command writes and others leave alone.
 * Immutable.
 *
 * @param name stands in the marks around it.
 */
record PageSection(String name)
{
    /** What {@code bench bars} writes. */
    static final PageSection BARS = new PageSection("bars");
    /** What {@code bench micro} writes. */
    static final PageSection MICRO = new PageSection("micro");
    /** What {@code bench transports} writes. */
    static final PageSection TRANSPORTS = new PageSection("transports");
    /** What {@code bench failover} writes. */
    static final PageSection FAILOVER = new PageSection("failover");
    /** What {@code bench doors} writes. */
    static final PageSection DOORS = new PageSection("doors");
    /** What {@code bench delivery} writes. */
    static final PageSection DELIVERY = new PageSection("delivery");

    private String beginning()
    {
        return "<!-- " + name + ": begin, written by ./ringcast bench " + name + " -->\n";
    }

    private String end()
    {
        return "<!-- " + name + ": end -->\n";
    }

    /** The section with its marks as it stands in a page; empty if there is none. */
    String takeFrom(final String page)
    {
        final int from = page.indexOf(beginning());
        final int to = page.indexOf(end(), Math.max(0, from));
        return from < 0 || to < 0 ? "" : page.substring(from, to + end().length());
    }

    /** The page with this text in the section's place, or at its end. */
    String putInto(final String page, final String text)
    {
        final String old = takeFrom(page);
        final String section = beginning() + "\n" + text.strip() + "\n\n" + end();
        return old.isEmpty() ? page + "\n" + section : page.replace(old, section);
    }

    void write(final Path file, final String text) throws IOException
    {
        if (file.getParent() != null)
        {
            Files.createDirectories(file.getParent());
        }
        final String page = Files.exists(file) ? Files.readString(file) : "# Benchmarks\n";
        Files.writeString(file, putInto(page, text));
    }
}
