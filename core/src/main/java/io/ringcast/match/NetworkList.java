package io.ringcast.match;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.StringJoiner;

/**
 * Which networks there are and where, as {@code relay_networks} answers.
 * Any thread: it has no state.
 *
 * <pre>
 *   [{"name":"main","path":"/main/evm/1","aliases":["/eth"],"default":true,"dialect":"ethereum","this":true}]
 * </pre>
 *
 * <p>By name, not as configured: a recording of one network has the same answer, whatever order the others stand in.
 */
final class NetworkList
{
    private NetworkList()
    {
    }

    static byte[] toJson(final RelayConfig config, final NetworkConfig asked)
    {
        final StringJoiner json = new StringJoiner(",", "[", "]");
        config.networks().stream().sorted(Comparator.comparing(NetworkConfig::name))
            .forEach(network -> json.add(toJson(network, network == config.defaultNetwork(),
                network.name().equals(asked.name()))));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Names and paths are of letters, digits and signs that need no escapes. */
    private static String toJson(final NetworkConfig network, final boolean isDefault, final boolean isAsked)
    {
        final StringJoiner aliases = new StringJoiner("\",\"", "[\"", "\"]").setEmptyValue("[]");
        network.aliases().forEach(aliases::add);
        return "{\"name\":\"" + network.name() + "\",\"path\":\"" + network.path() + "\",\"aliases\":" + aliases +
            ",\"default\":" + isDefault + ",\"dialect\":\"" + network.dialect() + "\",\"this\":" + isAsked + '}';
    }
}
