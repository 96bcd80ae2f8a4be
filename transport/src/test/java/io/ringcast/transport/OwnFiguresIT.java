package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client asks how its own items fare, and is told real figures. */
@Timeout(120)
class OwnFiguresIT
{
    private static final int CLIENTS = 5;
    private static final int ITEMS = 200;
    private static final Pattern FIGURES = Pattern.compile(
        "\\{\"rx2pub_us\":\\{\"p50\":([0-9.]+),\"p99\":([0-9.]+),\"max\":([0-9.]+)\\}," +
        "\"pub2write_us\":\\{\"p50\":([0-9.]+),\"p99\":([0-9.]+),\"max\":([0-9.]+)\\}," +
        "\"rank\":\\{\"mean\":([0-9.]+),\"n\":(\\d+)\\}," +
        "\"queue\":\\{\"items\":0,\"bytes\":0\\},\"lost\":0,\"merged\":0\\}");

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    void shouldTellWhatWasMeasuredSinceTheFirstCall(final Mode mode) throws IOException
    {
        try (TestBed bed = TestBed.start(mode))
        {
            final List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++)
            {
                clients.add(bed.client());
                clients.get(i).subscribe("[\"newHeads\"]");
            }
            final String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"relay_myLatency\",\"params\":[\"60s\"]}";
            final RawClient curious = clients.get(0);
            final String first = curious.call(call);
            assertTrue(first.contains("\"rx2pub_us\":null,\"pub2write_us\":null," +
                "\"rank\":{\"mean\":null,\"n\":0}"), first);

            for (int i = 0; i < ITEMS; i++)
            {
                bed.upstream().publish("newHeads", SessionIT.head(i + 1));
                for (final RawClient client : clients)
                {
                    client.readText();
                }
            }
            final Matcher figures = FIGURES.matcher(curious.call(call));
            assertTrue(figures.find(), figures::toString);
            assertEquals(ITEMS, Integer.parseInt(figures.group(8)));
            final double mean = Double.parseDouble(figures.group(7));
            assertTrue(mean >= 0.1 && mean <= 0.9, () -> "the mean place of who takes turns is " + mean);
            for (final int group : new int[]{1, 4})
            {
                final double median = Double.parseDouble(figures.group(group));
                final double high = Double.parseDouble(figures.group(group + 1));
                assertTrue(median <= high && high <= Double.parseDouble(figures.group(group + 2)), figures::group);
            }
            assertTrue(Double.parseDouble(figures.group(3)) + Double.parseDouble(figures.group(6)) > 0);
        }
    }
}
