package io.ringcast.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.config.AccessConfig;
import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.NumberSetting;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RightsConfig;
import io.ringcast.config.SocketConfig;
import io.ringcast.config.TimingConfig;
import io.ringcast.metrics.RelayCounter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/operations.md to the code: a new counter or setting needs its row. */
final class OperationsDocTest
{
    private final DocPage page = DocPage.read("operations.md");

    @Test
    void shouldDescribeEveryCounterInItsOwnWords()
    {
        assertEquals(List.of(), missing(Arrays.stream(RelayCounter.values()).map(OperationsDocTest::row)));
    }

    @Test
    void shouldDescribeEverySettingWithItsDefaultAndRange()
    {
        final Stream<NumberSetting> settings =
            Stream.of(RelayConfig.SETTINGS, LimitsConfig.SETTINGS, TimingConfig.SETTINGS, SocketConfig.SETTINGS,
                DoorsConfig.SETTINGS, DeliveryConfig.SETTINGS, OwnTopicsConfig.SETTINGS, AccessConfig.SETTINGS,
                RightsConfig.SETTINGS).flatMap(List::stream);

        assertEquals(List.of(), missing(settings.map(OperationsDocTest::row)));
    }

    private List<String> missing(final Stream<String> rows)
    {
        return rows.filter(row -> !page.text().contains('\n' + row)).toList();
    }

    private static String row(final RelayCounter counter)
    {
        return "| `" + counter.name().toLowerCase(Locale.ROOT) + "` | " + counter.meaning() + " | ";
    }

    private static String row(final NumberSetting setting)
    {
        return "| `" + setting.name() + "` | " + setting.defaultValue() + " | " + setting.allowed() + " | " +
            setting.meaning() + " | ";
    }
}
