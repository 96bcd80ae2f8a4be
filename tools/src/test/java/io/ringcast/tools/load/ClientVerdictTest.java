package io.ringcast.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Confined to the test thread. */
final class ClientVerdictTest
{
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0.3 | 60 | 20 | 500 | was not the bottleneck",
        "0.3 | 190 | 190 | 100 | was not the bottleneck",
        "0.9 | 60 | 20 | 500 | no time left",
        "0.3 | 900 | 20 | 1000 | own turn to read",
        "0.3 | 60 | 400 | 1000 | could not keep its schedule",
        "0.3 | 900 | 0 | 0 | was not the bottleneck"})
    void shouldSayWhatWasTheLimitWhenItWasTheClient(
        final double cpuShare, final long lagUs, final long latenessUs, final long latencyUs, final String words)
    {
        final ClientVerdict verdict =
            new ClientVerdict(List.of(0.1, cpuShare), lagUs * 1000, latenessUs * 1000, latencyUs * 1000);

        assertTrue(verdict.text().contains(words), verdict.text());
        assertEquals(verdict.text().contains("WAS a bottleneck"), verdict.isBottleneck());
    }
}
