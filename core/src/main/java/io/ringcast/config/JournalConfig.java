package io.ringcast.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where and how the ring's input is recorded.
 * Immutable.
 *
 * @param dir            the journal's directory, on a real disk; null, the default, records nothing.
 * @param maxBytes       how much the journal may take on the disk; default 1 GiB. Lower forgets sooner; higher reaches
 *                       further back.
 * @param syncIntervalMs how often what was written is forced to the disk; default 1000. Lower loses less when the
 *                       machine fails; higher spares the disk.
 * @param pushBackMs     how long what was delivered may wait to be written before {@code whenBehind} is done; default
 *                       750. With {@link JournalPolicy#BREAK} seven eighths of {@code syncIntervalMs} at most, whatever
 *                       is said here. Lower decides sooner; higher rides out slower disks.
 * @param whenBehind     what then happens; default {@link JournalPolicy#BREAK}.
 */
public record JournalConfig(
    Path dir, long maxBytes, long syncIntervalMs, long pushBackMs, JournalPolicy whenBehind)
{
    /** Setting {@code maxBytes}. */
    public static final NumberSetting MAX_BYTES = NumberSetting.of(
        "maxBytes", 1L << 30, 1L << 25, 1L << 40, "what the journal may take on the disk, in bytes");
    /** Setting {@code syncIntervalMs}. */
    public static final NumberSetting SYNC_INTERVAL_MS = NumberSetting.of(
        "syncIntervalMs", 1_000, 200, 600_000, "how often the journal is forced to the disk, in ms");
    /** Setting {@code pushBackMs}. */
    public static final NumberSetting PUSH_BACK_MS = NumberSetting.of(
        "pushBackMs", 750, 100, 600_000, "how long the journal may be behind, in ms");
    /** The numbers, in the order of the components; as flags they begin with {@code --journal-}. */
    public static final List<NumberSetting> SETTINGS = List.of(MAX_BYTES, SYNC_INTERVAL_MS, PUSH_BACK_MS);

    public JournalConfig
    {
        MAX_BYTES.check(maxBytes);
        SYNC_INTERVAL_MS.check(syncIntervalMs);
        PUSH_BACK_MS.check(pushBackMs);
    }

    /**
     * Reads the path of a directory.
     *
     * @param text the path; a relative one counts from the working directory.
     * @return the absolute path.
     * @throws ConfigException when it is none.
     */
    public static Path directory(final String text)
    {
        try
        {
            if (!text.isBlank())
            {
                return Path.of(text).toAbsolutePath().normalize();
            }
        }
        catch (final InvalidPathException ignored)
        {
            // The same refusal as for the others.
        }
        throw new ConfigException("journal.dir", text, "not a path", "a directory on a real disk");
    }

    /**
     * How old what was delivered and is not written may become until {@code whenBehind} is done. A killed process
     * loses that, so with {@link JournalPolicy#BREAK} it is an eighth less than {@code syncIntervalMs} at most: it
     * takes a look or two to see it. With {@link JournalPolicy#HOLD} nothing is delivered before it is written.
     *
     * @return the limit, in milliseconds.
     */
    public long limitMs()
    {
        return whenBehind == JournalPolicy.HOLD ? pushBackMs :
            Math.min(pushBackMs, syncIntervalMs - syncIntervalMs / 8);
    }

    /**
     * Says that the journal is given up sooner than {@code pushBackMs} asks for.
     *
     * @return one line, or null if it is not, or nothing is recorded.
     */
    public String warning()
    {
        return !isOn() || limitMs() == pushBackMs ? null : "journal.pushBackMs=" + pushBackMs + ": " + limitMs() +
            " holds, an eighth less than syncIntervalMs=" + syncIntervalMs +
            ", since a kill may lose nothing that was delivered longer before";
    }

    /**
     * Tells whether anything is recorded.
     *
     * @return true if there is a directory.
     */
    public boolean isOn()
    {
        return dir != null;
    }

    public static JournalConfig defaults()
    {
        return builder().build();
    }

    public static Builder builder()
    {
        return new Builder();
    }

    /** A builder that starts from these values. */
    public Builder toBuilder()
    {
        return builder()
            .dir(dir)
            .set(MAX_BYTES, maxBytes)
            .set(SYNC_INTERVAL_MS, syncIntervalMs)
            .set(PUSH_BACK_MS, pushBackMs)
            .whenBehind(whenBehind);
    }

    /** Collects values; what is not given has its default. Confined to the thread that builds a configuration. */
    public static final class Builder
    {
        private final NumberSettings values = new NumberSettings(SETTINGS);
        private Path dir;
        private JournalPolicy whenBehind = JournalPolicy.BREAK;

        private Builder()
        {
        }

        /** Sets the directory; null records nothing. */
        public Builder dir(final Path directory)
        {
            dir = directory;
            return this;
        }

        public Builder whenBehind(final JournalPolicy policy)
        {
            whenBehind = policy;
            return this;
        }

        /** Sets one value by its table entry, as the YAML reader and the flags do. */
        public Builder set(final NumberSetting setting, final long value)
        {
            values.set(setting, value);
            return this;
        }

        public JournalConfig build()
        {
            return new JournalConfig(
                dir, values.get(MAX_BYTES), values.get(SYNC_INTERVAL_MS), values.get(PUSH_BACK_MS), whenBehind);
        }
    }
}
