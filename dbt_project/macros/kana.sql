{# A reading in katakana: gBizINFO writes hiragana, all others katakana. translate is slow, so only where there is any. #}
{% macro katakana(text) -%}
    case
        when regexp_matches({{ text }}, '[ぁ-ゖ]')
        then
            translate(
                trim({{ text }}),
                'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖ',
                'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶ'
            )
        else nullif(trim({{ text }}), '')
    end
{%- endmacro %}
