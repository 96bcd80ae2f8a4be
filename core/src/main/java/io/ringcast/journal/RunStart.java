package io.ringcast.journal;

import io.ringcast.config.ConfigException;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RelayConfigYaml;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * With what a run of a network began, as far as the stages depend on it. No secret is in it: of an upstream only its
 * name.
 * Immutable.
 *
 * @param relayVersion which relay wrote it.
 * @param startedAtMs  when, in milliseconds since 1970.
 * @param startedAtNs  the same on the clock of the slots' times, which goes on from run to run.
 * @param loops        how many I/O loops there were.
 * @param seed         what all that is random in the stages comes from, as hex digits.
 * @param settings     the settings as YAML, with this network alone.
 * @param continues    the number of the run whose state this one went on with, or {@link #NOTHING}.
 * @param firstSlot    the sequence of its first slot; 0 unless it continues another run.
 */
public record RunStart(String relayVersion, long startedAtMs, long startedAtNs, int loops, String seed, String settings,
    long continues, long firstSlot)
{
    /** No run: this one began from nothing. */
    public static final long NOTHING = -1;

    private static final String SEPARATOR = "\n---\n";

    /**
     * Reads the settings.
     *
     * @return them; the addresses of upstreams in it mean nothing.
     * @throws JournalFormatException if this relay does not understand them.
     */
    public RelayConfig config()
    {
        try
        {
            return RelayConfigYaml.read(settings);
        }
        catch (final ConfigException e)
        {
            throw new JournalFormatException("settings that this relay does not know: " + e.getMessage());
        }
    }

    /**
     * Gives the seed's bytes.
     *
     * @return them.
     * @throws JournalFormatException if there are none.
     */
    public byte[] seedBytes()
    {
        try
        {
            final byte[] bytes = HexFormat.of().parseHex(seed);
            if (bytes.length >= Long.BYTES)
            {
                return bytes;
            }
        }
        catch (final IllegalArgumentException ignored)
        {
            // The same refusal as for a short one.
        }
        throw new JournalFormatException("a run without a seed");
    }

    String toText()
    {
        return "relay " + relayVersion + "\nstartedAtMs " + startedAtMs + "\nstartedAtNs " + startedAtNs +
            "\nloops " + loops + "\nseed " + seed + "\ncontinues " + continues + "\nfirstSlot " + firstSlot +
            SEPARATOR + settings;
    }

    static RunStart parse(final String text)
    {
        final int end = text.indexOf(SEPARATOR);
        final Map<String, String> fields = new LinkedHashMap<>();
        text.substring(0, Math.max(0, end)).lines().forEach(line ->
        {
            final int space = Math.max(0, line.indexOf(' '));
            fields.put(line.substring(0, space), line.substring(space + 1));
        });
        try
        {
            return new RunStart(
                fields.getOrDefault("relay", ""), Long.parseLong(fields.get("startedAtMs")),
                Long.parseLong(fields.get("startedAtNs")),
                Integer.parseInt(fields.get("loops")), fields.getOrDefault("seed", ""),
                text.substring(end + SEPARATOR.length()),
                Long.parseLong(fields.get("continues")), Long.parseLong(fields.get("firstSlot")));
        }
        catch (final NumberFormatException e)
        {
            throw new JournalFormatException("a beginning that can't be read");
        }
    }
}
