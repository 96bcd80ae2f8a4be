package io.ringcast.session;

/** A delivery option that can't be had, in one line. Thrown on the way out of one reading only. */
final class OptionRefusal extends Exception
{
    private static final long serialVersionUID = 1L;

    OptionRefusal(final String message)
    {
        super(message, null, false, false);
    }

    static OptionRefusal of(final String option, final Object value, final String allowed)
    {
        return new OptionRefusal("relay option " + option + '=' + shown(value) + "; allowed: " + allowed);
    }

    /** What a client sent goes back to it shortened and without anything that could be taken for something else. */
    static String shown(final Object value)
    {
        final String text = String.valueOf(value);
        return text.substring(0, Math.min(60, text.length())).replaceAll("[^ -~]|[\"\\\\]", "?");
    }
}
