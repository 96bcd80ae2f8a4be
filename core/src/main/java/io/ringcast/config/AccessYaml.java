package io.ringcast.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the part {@code access} of a configuration. Any thread. */
final class AccessYaml
{
    private static final List<String> KEYS = Stream.concat(
        Stream.of("keys", "jwt", "anonymous", "deny", "hosts", "proxies", "proxyProtocol"),
        AccessConfig.SETTINGS.stream().map(NumberSetting::name)).toList();
    private static final List<String> RIGHTS_KEYS = Stream.concat(
        Stream.of("networks", "allow", "deny", "publish"),
        RightsConfig.SETTINGS.stream().map(NumberSetting::name)).toList();
    private static final List<String> KEY_KEYS =
        Stream.concat(Stream.of("name", "secretFile", "secretEnv"), RIGHTS_KEYS.stream()).toList();
    private static final List<String> JWT_KEYS = Stream.concat(
        Stream.of("secretFile", "secretEnv", "publicKeyFile", "issuer", "audience", "perSubject"),
        RIGHTS_KEYS.stream()).toList();

    private AccessYaml()
    {
    }

    static AccessConfig read(final YamlNode node)
    {
        final AccessConfig.Builder access = AccessConfig.builder();
        node.forEachMember(KEYS, (key, member) ->
        {
            switch (key)
            {
                case "keys" -> access.keys(member.elements("a list of keys").stream()
                    .map(AccessYaml::readKey).toList());
                case "jwt" -> access.jwt(readJwt(member));
                case "anonymous" -> access.anonymous(readAnonymous(member));
                case "deny" -> access.deny(texts(member, "a list of methods"));
                case "hosts" -> access.hosts(texts(member, "a list of host names"));
                case "proxyProtocol" -> access.proxyProtocol(texts(member, "a list of addresses"));
                case "proxies" -> access.proxies(texts(member, "a list of addresses"));
                default -> AccessConfig.SETTINGS.stream().filter(setting -> setting.name().equals(key))
                    .forEach(setting -> access.set(setting, member.number(setting)));
            }
        });
        return node.within(access::build);
    }

    /** Where a secret stands, as far as it has been read. */
    private static final class Source
    {
        private Path file;
        private String variable;

        boolean tryTake(final String key, final YamlNode member)
        {
            switch (key)
            {
                case "secretFile":
                    file = member.at(() -> TlsConfig.path(key, member.text("a path")));
                    return true;

                case "secretEnv":
                    variable = member.text("the name of an environment variable");
                    return true;

                default:
                    return false;
            }
        }

        boolean isGiven()
        {
            return file != null || variable != null;
        }

        SecretSource build()
        {
            return new SecretSource(file, variable);
        }
    }

    private static KeyConfig readKey(final YamlNode node)
    {
        final String[] name = new String[1];
        refuseSecret(node);
        final Source source = new Source();
        final RightsConfig.Builder rights = RightsConfig.builder();
        node.forEachMember(KEY_KEYS, (key, member) ->
        {
            if ("name".equals(key))
            {
                name[0] = member.text("a name");
            }
            else if (!source.tryTake(key, member))
            {
                readRight(rights, key, member);
            }
        });
        return node.within(() -> new KeyConfig(name[0], source.build(), rights.build()));
    }

    private static JwtConfig readJwt(final YamlNode node)
    {
        final Path[] publicKey = new Path[1];
        final String[] claims = new String[2];
        final SubjectConfig[] subjects = new SubjectConfig[1];
        refuseSecret(node);
        final Source source = new Source();
        final RightsConfig.Builder rights = RightsConfig.builder();
        node.forEachMember(JWT_KEYS, (key, member) ->
        {
            switch (key)
            {
                case "publicKeyFile" -> publicKey[0] = member.at(() -> TlsConfig.path(key, member.text("a path")));
                case "issuer" -> claims[0] = member.text("text");
                case "audience" -> claims[1] = member.text("text");
                case "perSubject" -> subjects[0] = readSubjects(member);
                default ->
                {
                    if (!source.tryTake(key, member))
                    {
                        readRight(rights, key, member);
                    }
                }
            }
        });
        return node.within(() -> new JwtConfig(
            source.isGiven() ? source.build() : null, publicKey[0], claims[0], claims[1], rights.build(),
            subjects[0]));
    }

    private static SubjectConfig readSubjects(final YamlNode node)
    {
        final SubjectConfig.Builder subjects = SubjectConfig.builder();
        node.forEachMember(SubjectConfig.SETTINGS.stream().map(NumberSetting::name).toList(), (key, member) ->
            SubjectConfig.SETTINGS.stream().filter(setting -> setting.name().equals(key))
                .forEach(setting -> subjects.set(setting, member.number(setting))));
        return node.within(subjects::build);
    }

    private static RightsConfig readAnonymous(final YamlNode node)
    {
        final RightsConfig.Builder rights = RightsConfig.builder();
        node.forEachMember(RIGHTS_KEYS, (key, member) -> readRight(rights, key, member));
        return node.within(rights::build);
    }

    /** Before anything else is said: a refusal shows what stands there. */
    private static void refuseSecret(final YamlNode node)
    {
        if (node.value() instanceof Map<?, ?> map && map.containsKey("secret"))
        {
            throw new ConfigException(node.path() + ".secret", "...", "a secret does not belong into this file",
                "secretFile or secretEnv");
        }
    }

    private static void readRight(final RightsConfig.Builder rights, final String key, final YamlNode member)
    {
        switch (key)
        {
            case "networks" -> rights.networks(texts(member, "a list of networks"));
            case "allow" -> rights.allow(texts(member, "a list of methods"));
            case "deny" -> rights.deny(texts(member, "a list of methods"));
            case "publish" -> rights.publish(member.truth());
            default -> RightsConfig.SETTINGS.stream().filter(setting -> setting.name().equals(key))
                .forEach(setting -> rights.set(setting, member.number(setting)));
        }
    }

    private static List<String> texts(final YamlNode node, final String allowed)
    {
        final List<String> texts = new ArrayList<>();
        node.elements(allowed).forEach(element -> texts.add(element.text("text")));
        return texts;
    }
}
