package io.seawall.wal;

import java.util.regex.Pattern;

/**
 * The number of a batch in a writer session. Its text form is {@code <id>/<seq>}, as in {@code loader-7/0}: the value of the
 * {@code wal-w} header in Kafka and of {@code Idempotency-Key} in HTTP.
 *
 * <p>A session is one run of numbers: its first batch has number 0, and each later batch the next number. An id serves one run
 * only: a program that cannot remember its last number takes a new id.
 *
 * @param id names the session in its pchannel: 1 to 100 of {@code A-Z}, {@code a-z}, {@code 0-9}, {@code .}, {@code _} and
 *     {@code -}. It has no {@code /}, so that the text form is unambiguous, and no characters that JSON or a terminal has to
 *     escape
 * @param seq the batch's number, 0 to 10<sup>18</sup> - 1
 */
public record WriterSeq(String id, long seq) {
    /**
     * How many batches of a session are remembered, and so the most that a writer may have in flight: it may send batch
     * {@code seq + 5} once batch {@code seq} is answered. Kafka's idempotent producer has the same limit.
     */
    public static final int REMEMBERED = 5;

    /** The largest number with 18 digits; some 19-digit numbers exceed a long. */
    private static final long HIGHEST = 999_999_999_999_999_999L;

    private static final String ID_RULE = "[A-Za-z0-9._-]{1,100}";
    private static final String ID_WORDS = "1 to 100 of A-Z a-z 0-9 . _ -";
    private static final Pattern ID = Pattern.compile(ID_RULE);
    private static final Pattern TEXT = Pattern.compile("(" + ID_RULE + ")/(0|[1-9][0-9]{0,17})");

    /**
     * Checks the id and the number.
     *
     * @throws RequestException with {@link ErrorCode#INVALID} for an id or a number that is not allowed
     */
    public WriterSeq {
        if (!ID.matcher(id).matches()) {
            throw Problem.of(ErrorCode.INVALID, "name a writer session")
                    .foundText(id)
                    .expected(ID_WORDS)
                    .exception();
        }
        if (seq < 0 || seq > HIGHEST) {
            throw Problem.of(ErrorCode.INVALID, "number a batch of writer session " + id)
                    .found("seq " + seq)
                    .expected("0 to " + HIGHEST)
                    .exception();
        }
    }

    /**
     * Parses the text form.
     *
     * @param text as in {@code loader-7/0}
     * @return the session and the number
     * @throws RequestException with {@link ErrorCode#INVALID} if the text is not of that form
     */
    public static WriterSeq parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw Problem.of(ErrorCode.INVALID, "read a writer session's number")
                    .foundText(text)
                    .expected("<id>/<seq> with an id of " + ID_WORDS
                            + " and a number of at most 18 digits without leading zeros, as in loader-7/0")
                    .exception();
        }
        return new WriterSeq(matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    @Override
    public String toString() {
        return id + "/" + seq;
    }
}
