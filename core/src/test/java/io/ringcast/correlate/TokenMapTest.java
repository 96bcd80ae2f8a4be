package io.ringcast.correlate;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Against a HashMap. A failure names its seed. */
class TokenMapTest
{
    @Test
    void shouldDoAsAMapDoesGivenRandomSteps()
    {
        for (long seed = 0; seed < 50; seed++)
        {
            runSteps(seed);
        }
    }

    private static void runSteps(final long seed)
    {
        final Random random = new Random(seed);
        final TokenMap tokens = new TokenMap();
        final Map<String, Long> model = new HashMap<>();
        final int distinctTokens = 1 + random.nextInt(150);

        for (int step = 0; step < 1_500; step++)
        {
            final int kind = random.nextInt(100);
            if (kind < 60)
            {
                final String token = token(random.nextInt(distinctTokens));
                final long value = random.nextInt(40);
                tokens.put(bytes(token), value);
                model.put(token, value);
            }
            else if (kind < 99)
            {
                final long value = random.nextInt(40);
                tokens.removeValue(value);
                model.values().removeIf(known -> known == value);
            }
            else
            {
                tokens.clear();
                model.clear();
            }
            assertEquals(model.size(), tokens.size(), "seed " + seed + ", step " + step);
            if (step % 10 == 0)
            {
                check(tokens, model, distinctTokens, "seed " + seed + ", step " + step);
            }
        }
    }

    private static void check(
        final TokenMap tokens, final Map<String, Long> model, final int distinctTokens, final String where)
    {
        for (int i = 0; i < distinctTokens; i++)
        {
            final byte[] padded = bytes("xx" + token(i) + "y");
            assertEquals(
                model.getOrDefault(token(i), TokenMap.MISSING), tokens.get(padded, 2, padded.length - 3), where);
        }
    }

    /** Half of them share their hash: "Aa" and "BB" do. */
    private static String token(final int number)
    {
        final StringBuilder token = new StringBuilder("\"");
        for (int bit = 0; bit < 8; bit++)
        {
            token.append((number & 1 << bit) == 0 ? "Aa" : "BB");
        }
        return token.append((number & 1) == 0 ? "\"" : number + "\"").toString();
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
