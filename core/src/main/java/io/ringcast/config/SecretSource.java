package io.ringcast.config;

import java.nio.file.Path;

/**
 * Where a secret stands; never the secret.
 * Immutable.
 *
 * @param file     a file whose first line it is, or null.
 * @param variable an environment variable whose value it is, or null.
 */
public record SecretSource(Path file, String variable)
{
    public SecretSource
    {
        if ((file == null) == (variable == null))
        {
            throw new ConfigException("secretFile", file == null ? "" : file,
                file == null ? "missing" : "given beside secretEnv", "one of secretFile and secretEnv");
        }
        if (variable != null && !variable.matches("[A-Za-z_][A-Za-z0-9_]*"))
        {
            throw new ConfigException("secretEnv", variable, "not a name of an environment variable",
                "letters, digits and _");
        }
    }

    public static SecretSource file(final Path path)
    {
        return new SecretSource(path, null);
    }

    public static SecretSource variable(final String name)
    {
        return new SecretSource(null, name);
    }

    /** The setting that says where it stands. */
    public String settingName()
    {
        return file == null ? "secretEnv" : "secretFile";
    }

    /** What it is called in a message. */
    public String place()
    {
        return file == null ? "environment variable " + variable : file.toString();
    }
}
