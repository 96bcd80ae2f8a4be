package io.ringcast.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values given so far for a table of {@link NumberSetting}s; what was not given has its default.
 * Confined to the thread that builds a configuration.
 */
final class NumberSettings
{
    private final Map<String, NumberSetting> settingsByName = new HashMap<>();
    private final Map<String, Long> values = new HashMap<>();

    NumberSettings(final List<NumberSetting> table)
    {
        table.forEach(setting -> settingsByName.put(setting.name(), setting));
    }

    void set(final NumberSetting setting, final long value)
    {
        if (settingsByName.get(setting.name()) != setting)
        {
            throw new IllegalArgumentException("not a setting of this table: " + setting.name());
        }
        values.put(setting.name(), value);
    }

    long get(final NumberSetting setting)
    {
        return setting.check(values.getOrDefault(setting.name(), setting.defaultValue()));
    }

    int getInt(final NumberSetting setting)
    {
        return Math.toIntExact(get(setting));
    }
}
