package io.ringcast.tools;

import io.ringcast.config.AccessConfig;
import io.ringcast.config.ConfigException;
import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.JournalConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NumberSetting;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.SocketConfig;
import io.ringcast.config.TimingConfig;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A flag for every number of the configuration: {@code callTimeoutMs} is {@code --call-timeout-ms}. Any thread. */
final class SettingFlags
{
    /** What the flags of the journal begin with: alone, {@code --max-bytes} could be anything's. */
    static final String JOURNAL = "journal-";

    private SettingFlags()
    {
    }

    static void addTo(final CommandSpec spec)
    {
        Stream.of(RelayConfig.SETTINGS, LimitsConfig.SETTINGS, TimingConfig.SETTINGS, SocketConfig.SETTINGS,
            DoorsConfig.SETTINGS, DeliveryConfig.SETTINGS, AccessConfig.SETTINGS)
            .flatMap(List::stream)
            .forEach(setting -> add(spec, setting, name(setting)));
        JournalConfig.SETTINGS.forEach(setting -> add(spec, setting, name(JOURNAL, setting)));
    }

    private static void add(final CommandSpec spec, final NumberSetting setting, final String name)
    {
        spec.addOption(OptionSpec.builder(name)
            .type(String.class)
            .paramLabel("N")
            .description(setting.meaning() + " (" + setting.defaultValue() + ")")
            .build());
    }

    static String name(final NumberSetting setting)
    {
        return name("", setting);
    }

    static String name(final String prefix, final NumberSetting setting)
    {
        return "--" + prefix + setting.name().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Hands on the values that were given. */
    static void apply(
        final CommandSpec spec, final List<NumberSetting> table, final BiConsumer<NumberSetting, Long> target)
    {
        apply(spec, "", table, target);
    }

    static void apply(
        final CommandSpec spec, final String prefix, final List<NumberSetting> table,
        final BiConsumer<NumberSetting, Long> target)
    {
        for (final NumberSetting setting : table)
        {
            final String text = spec.findOption(name(prefix, setting)).getValue();
            if (text != null)
            {
                target.accept(setting, parse(prefix, setting, text));
            }
        }
    }

    private static long parse(final String prefix, final NumberSetting setting, final String text)
    {
        try
        {
            return setting.parse(text);
        }
        catch (final ConfigException ex)
        {
            throw ex.named(name(prefix, setting));
        }
    }
}
