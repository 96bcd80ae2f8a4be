package io.ringcast.config;

/**
 * One API key: where its secret stands and what it opens.
 * Immutable.
 *
 * @param name   what it is called in logs; no secret.
 * @param secret where the secret stands.
 * @param rights what it opens.
 */
public record KeyConfig(String name, SecretSource secret, RightsConfig rights)
{
    public KeyConfig
    {
        Names.check("name", name);
    }
}
