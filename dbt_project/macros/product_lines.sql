{# Which of our product lines a product text means: one row per distinct text of a relation, to be joined on the text itself.
   A line's word has to stand in the text, as a word of its own where it is in Latin letters; of several the longest wins,
   then the yaml's order. A text that names no line has no row: coalesce(product_line, '*'). #}
{% macro product_lines_of(relation, text) %}
    select
        texts.text, arg_min(words.product_line, row(- length(words.word), lines.position, words.word)) as product_line
    from
        (
            select distinct {{ text }} as text, {{ spaced_words(text) }} as spaced
            from {{ relation }}
            where {{ text }} is not null
        ) as texts
    inner join
        (
            select product_line, fold_text(word) as word, {{ spaced_words("word") }} as spaced
            from {{ source("config", "product_words") }}
        ) as words
        on words.word != ''
        and contains(texts.spaced, words.spaced)
    inner join {{ source("config", "product_lines") }} as lines on lines.product_line = words.product_line
    group by texts.text
{% endmacro %}

{# The folded text with spaces around each run of Latin letters and digits, so that hr does not stand in chrome. #}
{% macro spaced_words(text) -%} regexp_replace(fold_text({{ text }}), '([a-z0-9]+)', ' \1 ', 'g') {%- endmacro %}
