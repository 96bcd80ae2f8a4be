package io.ringcast.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The inputs of one fuzz target that the repository keeps, and what a seed makes of them.
 * Confined to the test's thread.
 *
 * <p>Jazzer replays the kept inputs too, and looks for more when asked. This is the short run of each build: always
 * the same inputs, and no native library.
 */
public final class KeptInputs
{
    private static final int MAX_CHANGES = 6;
    private static final int MAX_BYTES = 64 * 1024;

    private final List<byte[]> kept = new ArrayList<>();
    private final byte[][] words;

    /**
     * Reads what is kept, from where Jazzer looks for it.
     *
     * @param target the test class.
     * @param method the name of its {@code @FuzzTest}.
     * @param words  what is put into inputs now and then.
     */
    public KeptInputs(final Class<?> target, final String method, final String... words)
    {
        final URL directory = target.getResource(target.getSimpleName() + "Inputs/" + method);
        if (directory == null)
        {
            throw new IllegalStateException("no inputs are kept for " + target.getSimpleName() + "." + method);
        }
        try (Stream<Path> files = Files.list(Path.of(directory.toURI())))
        {
            for (final Path file : files.sorted().toList())
            {
                kept.add(Files.readAllBytes(file));
            }
        }
        catch (final IOException | URISyntaxException e)
        {
            throw new IllegalStateException(e);
        }
        this.words = Stream.of(words).map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    /**
     * Gives a target changed inputs. A failure names the seed, and the input in hex.
     *
     * @param runs   how many, from seed 0 on.
     * @param target fails by whatever it throws.
     */
    public void change(final int runs, final Consumer<byte[]> target)
    {
        for (long seed = 0; seed < runs; seed++)
        {
            final byte[] input = changed(new SplittableRandom(seed));
            try
            {
                target.accept(input);
            }
            catch (final Throwable e)
            {
                throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(input), e);
            }
        }
    }

    private byte[] changed(final SplittableRandom random)
    {
        byte[] input = kept.get(random.nextInt(kept.size()));
        for (int left = 1 + random.nextInt(MAX_CHANGES); left > 0 && input.length < MAX_BYTES; left--)
        {
            input = change(input, random);
        }
        return input;
    }

    private byte[] change(final byte[] input, final SplittableRandom random)
    {
        final int from = random.nextInt(input.length + 1);
        final int to = from + random.nextInt(Math.min(input.length - from, 64) + 1);
        return switch (random.nextInt(8))
        {
            case 0 -> replace(input, from, to, new byte[0]);
            case 1 -> replace(input, from, from, slice(input, from, to));
            case 2 -> slice(input, 0, from);
            case 3 -> replace(input, from, from, words[random.nextInt(words.length)]);
            case 4 -> replace(input, from, to, words[random.nextInt(words.length)]);
            case 5 -> spliced(input, from, random);
            case 6 -> replace(input, from, from, new byte[]{(byte)random.nextInt()});
            default -> replace(input, from, Math.min(from + 1, input.length), new byte[]{(byte)random.nextInt()});
        };
    }

    private byte[] spliced(final byte[] input, final int from, final SplittableRandom random)
    {
        final byte[] other = kept.get(random.nextInt(kept.size()));
        final int start = random.nextInt(other.length + 1);
        return replace(input, from, input.length, slice(other, start, other.length));
    }

    private static byte[] slice(final byte[] input, final int from, final int to)
    {
        return Arrays.copyOfRange(input, from, to);
    }

    private static byte[] replace(final byte[] input, final int from, final int to, final byte[] by)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(input, 0, from);
        out.writeBytes(by);
        out.write(input, to, input.length - to);
        return out.toByteArray();
    }
}
