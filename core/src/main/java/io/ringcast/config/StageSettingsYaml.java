package io.ringcast.config;

import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Writes the settings that the stages of one network depend on, as YAML that {@link RelayConfigYaml} reads.
 * Any thread.
 *
 * <p>What only sockets and threads depend on is left out, and so is every secret: of an upstream only its name is said.
 */
public final class StageSettingsYaml
{
    private static final String NOWHERE = "ws://127.0.0.1:1";

    private StageSettingsYaml()
    {
    }

    /**
     * Writes settings.
     *
     * @param config  of the relay.
     * @param network the network whose stages are meant.
     * @return YAML.
     */
    public static String write(final RelayConfig config, final NetworkConfig network)
    {
        final StringBuilder yaml = new StringBuilder(2_048);
        yaml.append("ringSlots: ").append(config.ringSlots()).append('\n');
        yaml.append("networks:\n");
        final StringBuilder own = new StringBuilder(1_024);
        writeNetwork(network, own);
        yaml.append(own.toString().indent(4).replaceFirst("^ {4}", "  - "));
        // Of the others, what relay_networks tells.
        config.networks().stream().filter(other -> !other.name().equals(network.name()))
            .sorted(Comparator.comparing(NetworkConfig::name)).forEach(other -> writeOther(other, yaml));
        yaml.append("limits:\n");
        writeNumbers("  ", config.limits(), LimitsConfig.SETTINGS, yaml);
        yaml.append("delivery:\n");
        writeNumbers("  ", config.delivery(), DeliveryConfig.SETTINGS, yaml);
        yaml.append("timing:\n");
        writeNumbers("  ", config.timing(), TimingConfig.SETTINGS, yaml);
        yaml.append("  clockSync: ").append(config.timing().clockSync().name().toLowerCase(Locale.ROOT)).append('\n');
        return yaml.toString();
    }

    private static void writeNetwork(final NetworkConfig network, final StringBuilder yaml)
    {
        yaml.append("name: ").append(quoted(network.name())).append('\n');
        yaml.append("path: ").append(quoted(network.path())).append('\n');
        writeTexts("aliases", network.aliases(), yaml);
        yaml.append("default: ").append(network.isDefault()).append('\n');
        yaml.append("dialect: ").append(network.dialect()).append('\n');
        yaml.append("logs: ").append(network.logs().name().toLowerCase(Locale.ROOT)).append('\n');
        yaml.append("quorum: ").append(network.quorum()).append('\n');
        yaml.append("options: ").append(network.options().exactJson()).append('\n');
        yaml.append("topics:\n");
        writeTexts("  publish", network.topics().publish(), yaml);
        writeTexts("  subscribe", network.topics().subscribe(), yaml);
        writeNumbers("  ", network.topics(), OwnTopicsConfig.SETTINGS, yaml);
        yaml.append("upstreams:\n");
        for (final UpstreamConfig upstream : network.upstreams())
        {
            yaml.append("  - {name: ").append(quoted(upstream.name())).append(", url: ").append(quoted(NOWHERE))
                .append("}\n");
        }
        writeTexts("broadcast", network.broadcast(), yaml);
        yaml.append(network.furtherMethods().isEmpty() ? "" : "subscriptionMethods:\n");
        for (final SubscriptionMethod method : network.furtherMethods())
        {
            yaml.append("  - {subscribe: ").append(quoted(method.subscribe()))
                .append(", unsubscribe: ").append(quoted(method.unsubscribe()))
                .append(", notification: ").append(quoted(method.notification())).append("}\n");
        }
    }

    private static void writeOther(final NetworkConfig network, final StringBuilder yaml)
    {
        yaml.append("  - name: ").append(quoted(network.name())).append('\n');
        yaml.append("    path: ").append(quoted(network.path())).append('\n');
        writeTexts("    aliases", network.aliases(), yaml);
        yaml.append("    default: ").append(network.isDefault()).append('\n');
        yaml.append("    dialect: ").append(network.dialect()).append('\n');
        yaml.append("    upstreams: [").append(quoted(NOWHERE)).append("]\n");
    }

    private static void writeTexts(final String key, final List<String> texts, final StringBuilder yaml)
    {
        yaml.append(key).append(": [")
            .append(String.join(", ", texts.stream().map(StageSettingsYaml::quoted).toList())).append("]\n");
    }

    private static void writeNumbers(
        final String indent, final Record values, final List<NumberSetting> table, final StringBuilder yaml)
    {
        for (final NumberSetting setting : table)
        {
            yaml.append(indent).append(setting.name()).append(": ").append(value(values, setting.name())).append('\n');
        }
    }

    private static Object value(final Record values, final String name)
    {
        for (final RecordComponent component : values.getClass().getRecordComponents())
        {
            if (component.getName().equals(name))
            {
                try
                {
                    return component.getAccessor().invoke(values);
                }
                catch (final ReflectiveOperationException e)
                {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new IllegalStateException("a setting without a component: " + name);
    }

    /** All of these are of letters, digits and a few signs; quotes keep {@code 1} and {@code true} text. */
    private static String quoted(final String text)
    {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
