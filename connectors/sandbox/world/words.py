"""Word lists from which the demo world's names are composed.

Belongs here: words with their readings and English, nothing else. Does not: how
words become companies (see ``companies``) or how a clerk writes them (see ``writing``).
The lists are made up for this world; a composed name that some real company bears is chance.
"""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """A word as it is written, its katakana reading, and the English a company would use for it."""

    text: str
    kana: str
    english: str


class Trade(NamedTuple):
    """The last part of a company's name, and the industry that it tells of."""

    text: str
    kana: str
    english: str
    industry: str


_HEPBURN = {
    "キャ": "kya", "キュ": "kyu", "キョ": "kyo", "シャ": "sha", "シュ": "shu", "ショ": "sho", "チャ": "cha", "チュ": "chu",
    "チョ": "cho", "ニャ": "nya", "ニュ": "nyu", "ニョ": "nyo", "ヒャ": "hya", "ヒュ": "hyu", "ヒョ": "hyo", "ミャ": "mya",
    "ミュ": "myu", "ミョ": "myo", "リャ": "rya", "リュ": "ryu", "リョ": "ryo", "ギャ": "gya", "ギュ": "gyu", "ギョ": "gyo",
    "ジャ": "ja", "ジュ": "ju", "ジョ": "jo", "ビャ": "bya", "ビュ": "byu", "ビョ": "byo", "ピャ": "pya", "ピュ": "pyu",
    "ピョ": "pyo", "ファ": "fa", "フィ": "fi", "フェ": "fe", "フォ": "fo", "ティ": "ti", "ディ": "di", "ウィ": "wi", "ジェ": "je",
}  # fmt: skip
_GOJUON = {
    "ア": "a", "イ": "i", "ウ": "u", "エ": "e", "オ": "o", "カ": "ka", "キ": "ki", "ク": "ku", "ケ": "ke", "コ": "ko",
    "サ": "sa", "シ": "shi", "ス": "su", "セ": "se", "ソ": "so", "タ": "ta", "チ": "chi", "ツ": "tsu", "テ": "te", "ト": "to",
    "ナ": "na", "ニ": "ni", "ヌ": "nu", "ネ": "ne", "ノ": "no", "ハ": "ha", "ヒ": "hi", "フ": "fu", "ヘ": "he", "ホ": "ho",
    "マ": "ma", "ミ": "mi", "ム": "mu", "メ": "me", "モ": "mo", "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ラ": "ra", "リ": "ri",
    "ル": "ru", "レ": "re", "ロ": "ro", "ワ": "wa", "ヲ": "o", "ン": "n", "ガ": "ga", "ギ": "gi", "グ": "gu", "ゲ": "ge",
    "ゴ": "go", "ザ": "za", "ジ": "ji", "ズ": "zu", "ゼ": "ze", "ゾ": "zo", "ダ": "da", "ヂ": "ji", "ヅ": "zu", "デ": "de",
    "ド": "do", "バ": "ba", "ビ": "bi", "ブ": "bu", "ベ": "be", "ボ": "bo", "パ": "pa", "ピ": "pi", "プ": "pu", "ペ": "pe",
    "ポ": "po", "ー": "",
}  # fmt: skip


def romaji(kana: str) -> str:
    """Katakana in Hepburn, long vowels shortened as companies do (コウ -> ko); anything else is left out."""
    out, i, double = "", 0, False
    while i < len(kana):
        if kana[i] == "ッ":
            double, i = True, i + 1
            continue
        size = 2 if kana[i : i + 2] in _HEPBURN else 1
        sound = _HEPBURN.get(kana[i : i + 2]) or _GOJUON.get(kana[i], "")
        out += ("t" if sound.startswith("ch") else sound[:1]) + sound if double else sound
        double, i = False, i + size
    return out.replace("ou", "o").replace("oo", "o").replace("uu", "u")


def _words(text: str) -> list[Word]:
    """``漢字:カナ[:English]`` separated by blanks; without English, the reading is transliterated."""
    words = []
    for item in text.split():
        written, kana, *english = item.split(":")
        words.append(Word(written, kana, english[0].replace("_", " ") if english else romaji(kana).capitalize()))
    return words


def _trades(text: str) -> list[Trade]:
    return [Trade(t, k, e.replace("_", " "), i) for t, k, e, i in (item.split(":") for item in text.split())]


SURNAMES = _words("""
佐藤:サトウ 鈴木:スズキ 高橋:タカハシ 髙橋:タカハシ 田中:タナカ 渡辺:ワタナベ 渡邊:ワタナベ 渡邉:ワタナベ 伊藤:イトウ 山本:ヤマモト
中村:ナカムラ 小林:コバヤシ 加藤:カトウ 吉田:ヨシダ 山田:ヤマダ 佐々木:ササキ 山口:ヤマグチ 斎藤:サイトウ 齋藤:サイトウ 齊藤:サイトウ
松本:マツモト 井上:イノウエ 木村:キムラ 林:ハヤシ 清水:シミズ 山崎:ヤマザキ 山﨑:ヤマザキ 池田:イケダ 橋本:ハシモト 阿部:アベ
石川:イシカワ 山下:ヤマシタ 中島:ナカジマ 中嶋:ナカジマ 小川:オガワ 前田:マエダ 岡田:オカダ 長谷川:ハセガワ 藤田:フジタ 後藤:ゴトウ
近藤:コンドウ 村上:ムラカミ 遠藤:エンドウ 青木:アオキ 坂本:サカモト 福田:フクダ 太田:オオタ 西村:ニシムラ 藤井:フジイ 藤原:フジワラ
岡本:オカモト 金子:カネコ 三浦:ミウラ 中野:ナカノ 原田:ハラダ 中川:ナカガワ 松田:マツダ 竹内:タケウチ 小野:オノ 田村:タムラ
中山:ナカヤマ 和田:ワダ 石田:イシダ 森田:モリタ 上田:ウエダ 原:ハラ 内田:ウチダ 柴田:シバタ 酒井:サカイ 宮崎:ミヤザキ 宮﨑:ミヤザキ
横山:ヨコヤマ 高木:タカギ 髙木:タカギ 安藤:アンドウ 宮本:ミヤモト 大野:オオノ 小島:コジマ 谷口:タニグチ 今井:イマイ 工藤:クドウ
高田:タカダ 増田:マスダ 丸山:マルヤマ 杉山:スギヤマ 村田:ムラタ 大塚:オオツカ 新井:アライ 小山:コヤマ 平野:ヒラノ 藤本:フジモト
河野:コウノ 上野:ウエノ 野口:ノグチ 武田:タケダ 松井:マツイ 千葉:チバ 菅原:スガワラ 岩崎:イワサキ 岩﨑:イワサキ 桜井:サクライ 櫻井:サクライ
木下:キノシタ 野村:ノムラ 松尾:マツオ 菊地:キクチ 佐野:サノ 大西:オオニシ 杉本:スギモト 新田:ニッタ 浜田:ハマダ 濱田:ハマダ
広瀬:ヒロセ 廣瀬:ヒロセ 沢田:サワダ 澤田:サワダ 小沢:オザワ 小澤:オザワ 柳沢:ヤナギサワ 柳澤:ヤナギサワ 川辺:カワベ 川邊:カワベ
松崎:マツザキ 松﨑:マツザキ 岡崎:オカザキ 岡﨑:オカザキ 島田:シマダ 嶋田:シマダ 真鍋:マナベ 眞鍋:マナベ 滝川:タキガワ 瀧川:タキガワ
黒沢:クロサワ 黒澤:クロサワ 金沢:カナザワ 金澤:カナザワ 土井:ドイ 三宅:ミヤケ 秋山:アキヤマ 大森:オオモリ 児玉:コダマ 平田:ヒラタ
""")

GIVEN_NAMES = _words("""
大輔:ダイスケ 健太:ケンタ 翔太:ショウタ 拓也:タクヤ 直樹:ナオキ 誠:マコト 隆:タカシ 浩二:コウジ 和也:カズヤ 亮:リョウ 悠斗:ユウト
達也:タツヤ 康平:コウヘイ 智子:トモコ 由美:ユミ 美咲:ミサキ 陽子:ヨウコ 恵:メグミ 愛:アイ 麻衣:マイ 彩:アヤ 千尋:チヒロ 裕子:ユウコ
香織:カオリ 明日香:アスカ 真由美:マユミ 健一:ケンイチ 正樹:マサキ 秀明:ヒデアキ 哲也:テツヤ 洋平:ヨウヘイ 亜希子:アキコ 沙織:サオリ
""")

REGIONS = _words("""
東北:トウホク 関東:カントウ 北陸:ホクリク 東海:トウカイ 関西:カンサイ 中国:チュウゴク 四国:シコク 九州:キュウシュウ 西日本:ニシニホン:West_Japan
東日本:ヒガシニホン:East_Japan 北海:ホッカイ 信州:シンシュウ 播磨:ハリマ 備前:ビゼン 安芸:アキ 讃岐:サヌキ 伊予:イヨ 土佐:トサ 阿波:アワ
加賀:カガ 越後:エチゴ 常陸:ヒタチ 武蔵野:ムサシノ 湘南:ショウナン 駿河:スルガ 三河:ミカワ 尾張:オワリ 伊勢:イセ 近江:オウミ 浪速:ナニワ
大和路:ヤマトジ 紀州:キシュウ 瀬戸:セト 吉備:キビ 周防:スオウ 筑紫:ツクシ 肥後:ヒゴ 日向:ヒュウガ 薩摩:サツマ 琉球:リュウキュウ
津軽:ツガル 会津:アイヅ 上州:ジョウシュウ 房総:ボウソウ 多摩:タマ 甲斐:カイ 飛騨:ヒダ 丹波:タンバ 但馬:タジマ 出雲:イズモ
""")

AUSPICIOUS = _words("""
三和:サンワ 東洋:トウヨウ 共栄:キョウエイ 昭和:ショウワ 明和:メイワ 丸栄:マルエイ 旭:アサヒ 富士見:フジミ 太陽:タイヨウ 平和:ヘイワ
中央:チュウオウ 協和:キョウワ 光陽:コウヨウ 大栄:ダイエイ 東和:トウワ 新和:シンワ 双葉:フタバ 若葉:ワカバ 末広:スエヒロ 瑞穂:ミズホ
白鳥:シラトリ 三栄:サンエイ 大洋:タイヨウ 八千代:ヤチヨ 千歳:チトセ 豊栄:ホウエイ 宝:タカラ 鶴亀:ツルカメ 松栄:ショウエイ 竹葉:チクヨウ
梅花:バイカ 永和:エイワ 栄光:エイコウ 誠和:セイワ 正和:セイワ 清和:セイワ 日光:ニッコウ 月星:ツキホシ 青葉:アオバ 緑川:ミドリカワ
朝日山:アサヒヤマ 桂:カツラ 楓:カエデ 巴:トモエ 扇屋:オウギヤ 丸三:マルサン 丸和:マルワ 山十:ヤマジュウ 大黒:ダイコク 恵比須:エビス
北斗:ホクト 銀河:ギンガ 飛翔:ヒショウ 創和:ソウワ 創栄:ソウエイ 興和:コウワ 興栄:コウエイ 東亜:トウア 南星:ナンセイ 西光:セイコウ
三友:サンユウ 七宝:シッポウ 一心:イッシン 第一:ダイイチ:Daiichi 万代:バンダイ 常盤:トキワ 泉:イズミ 曙:アケボノ 新生:シンセイ 翠:ミドリ
""")

HIRAGANA = _words("""
さくら:サクラ ひまわり:ヒマワリ すみれ:スミレ つばさ:ツバサ ひかり:ヒカリ のぞみ:ノゾミ みのり:ミノリ きずな:キズナ こもれび:コモレビ
ほほえみ:ホホエミ まごころ:マゴコロ たんぽぽ:タンポポ あじさい:アジサイ やすらぎ:ヤスラギ かがやき:カガヤキ いろは:イロハ
なごみ:ナゴミ ふくろう:フクロウ はやぶさ:ハヤブサ つむぎ:ツムギ しおかぜ:シオカゼ やまびこ:ヤマビコ せせらぎ:セセラギ
""")

COINED = _words("""
テクノ:テクノ:Techno アルファ:アルファ:Alpha ネクスト:ネクスト:Next ブライト:ブライト:Bright クリエ:クリエ:Crea ユニ:ユニ:Uni
グロー:グロー:Glow メディ:メディ:Medi エコ:エコ:Eco フューチャー:フューチャー:Future スカイ:スカイ:Sky オーシャン:オーシャン:Ocean
リバー:リバー:River フォレスト:フォレスト:Forest アクア:アクア:Aqua ソラ:ソラ:Sora アーク:アーク:Arc ルミナ:ルミナ:Lumina ベルク:ベルク:Berg
シグマ:シグマ:Sigma デルタ:デルタ:Delta オメガ:オメガ:Omega プライム:プライム:Prime エース:エース:Ace ステラ:ステラ:Stella ノア:ノア:Noah
リード:リード:Lead アイ:アイ:Ai ビジョン:ビジョン:Vision ハート:ハート:Heart キャリア:キャリア:Career コア:コア:Core ゼスト:ゼスト:Zest
アドバン:アドバン:Advan インター:インター:Inter マルチ:マルチ:Multi トライ:トライ:Try ジョイ:ジョイ:Joy サンライズ:サンライズ:Sunrise
グリーン:グリーン:Green ホワイト:ホワイト:White ブルー:ブルー:Blue レイン:レイン:Rain パル:パル:Pal ウィル:ウィル:Will カナデ:カナデ:Kanade
フロンティア:フロンティア:Frontier セントラル:セントラル:Central パシフィック:パシフィック:Pacific ライズ:ライズ:Rise ヴェル:ヴェル:Vel
""")

COINED_ENDS = _trades("""
テック:テック:tech:情報通信業 リンク:リンク:link:情報通信業 ワークス:ワークス:works:サービス業 ソリューションズ:ソリューションズ:_Solutions:情報通信業
ラボ:ラボ:_Lab:情報通信業 システムズ:システムズ:_Systems:情報通信業 デザイン:デザイン:_Design:サービス業 プランニング:プランニング:_Planning:サービス業
パートナーズ:パートナーズ:_Partners:サービス業 ネット:ネット:net:情報通信業 ライフ:ライフ:_Life:小売業 フーズ:フーズ:_Foods:製造業
トレード:トレード:_Trade:卸売業 ロジ:ロジ:_Logi:運輸業 クラフト:クラフト:_Craft:製造業 ベース:ベース:base:不動産業 フィールド:フィールド:_Field:農業
ゲート:ゲート:gate:情報通信業 エンジニアリング:エンジニアリング:_Engineering:製造業 ハウジング:ハウジング:_Housing:建設業 メディカル:メディカル:_Medical:医療
ケア:ケア:_Care:医療 コーポレーション:コーポレーション:_Corporation:卸売業 エステート:エステート:_Estate:不動産業 マテリアル:マテリアル:_Material:製造業
エナジー:エナジー:_Energy:電気・ガス業 モータース:モータース:_Motors:小売業 ファーム:ファーム:_Farm:農業
""")

TRADES = _trades("""
建設:ケンセツ:Construction:建設業 工務店:コウムテン:Komuten:建設業 製作所:セイサクショ:Seisakusho:製造業 工業:コウギョウ:Kogyo:製造業
産業:サンギョウ:Sangyo:製造業 商事:ショウジ:Shoji:卸売業 商店:ショウテン:Shoten:小売業 商会:ショウカイ:Shokai:卸売業 電機:デンキ:Electric:製造業
電工:デンコウ:Denko:建設業 電子:デンシ:Electronics:製造業 精機:セイキ:Seiki:製造業 精密:セイミツ:Precision:製造業 化学:カガク:Chemical:製造業
化成:カセイ:Kasei:製造業 食品:ショクヒン:Foods:製造業 製菓:セイカ:Confectionery:製造業 水産:スイサン:Fisheries:卸売業 酒造:シュゾウ:Brewery:製造業
運輸:ウンユ:Transport:運輸業 運送:ウンソウ:Unso:運輸業 物流:ブツリュウ:Logistics:運輸業 倉庫:ソウコ:Warehouse:運輸業 不動産:フドウサン:Real_Estate:不動産業
住宅:ジュウタク:Housing:建設業 設備:セツビ:Setsubi:建設業 金属:キンゾク:Metal:製造業 鉄工所:テッコウジョ:Iron_Works:製造業 鋼材:コウザイ:Steel:卸売業
印刷:インサツ:Printing:製造業 紙業:シギョウ:Paper:製造業 繊維:センイ:Textile:製造業 薬品:ヤクヒン:Yakuhin:卸売業 製薬:セイヤク:Pharma:製造業
薬局:ヤッキョク:Pharmacy:小売業 自動車:ジドウシャ:Motors:小売業 交通:コウツウ:Kotsu:運輸業 観光:カンコウ:Kanko:サービス業 企画:キカク:Kikaku:サービス業
通信:ツウシン:Communications:情報通信業 情報システム:ジョウホウシステム:Information_Systems:情報通信業 システム:システム:System:情報通信業
技研:ギケン:Giken:製造業 計器:ケイキ:Instruments:製造業 硝子:ガラス:Glass:製造業 木材:モクザイ:Lumber:卸売業 石油:セキユ:Oil:小売業
ガス:ガス:Gas:電気・ガス業 環境:カンキョウ:Environment:サービス業 警備:ケイビ:Security:サービス業 農園:ノウエン:Farm:農業 造園:ゾウエン:Zoen:建設業
塗装:トソウ:Toso:建設業 機工:キコウ:Kiko:製造業 機械:キカイ:Machinery:製造業 樹脂:ジュシ:Plastics:製造業 包装:ホウソウ:Packaging:製造業
青果:セイカ:Seika:卸売業 家具:カグ:Furniture:小売業 旅館:リョカン:Ryokan:サービス業 ホテル:ホテル:Hotel:サービス業 書店:ショテン:Books:小売業
組:グミ:Gumi:建設業 興業:コウギョウ:Kogyo:サービス業 保険事務所:ホケンジムショ:Insurance_Office:金融業 リース:リース:Leasing:金融業
""")

GROUP_ARMS = _trades("""
ホールディングス:ホールディングス:Holdings:サービス業 テクノ:テクノ:Techno:製造業 ロジスティクス:ロジスティクス:Logistics:運輸業
サービス:サービス:Service:サービス業 エンジニアリング:エンジニアリング:Engineering:製造業 ビジネスサポート:ビジネスサポート:Business_Support:サービス業
プロパティ:プロパティ:Property:不動産業 システムズ:システムズ:Systems:情報通信業 販売:ハンバイ:Sales:卸売業
""")

CIVIC = _trades("""
会:カイ:Kai:医療 福祉会:フクシカイ:Fukushikai:医療 学園:ガクエン:Gakuen:教育 協会:キョウカイ:Association:団体 組合:クミアイ:Cooperative:団体
""")

PRODUCTS = ("アオゾラ経費", "アオゾラ勤怠", "アオゾラ請求", "アオゾラ人事")
BUILDINGS = ("サンライズビル", "第一中央ビル", "駅前プラザ", "スクエアタワー", "青葉ビルディング", "グランドビル", "第２栄ビル", "センタービル", "オフィス花水木")
DEPARTMENTS = ("情報システム部", "経理部", "総務部", "人事部", "営業部", "経営企画室", "管理本部", "購買部")
TITLES = ("代表取締役", "取締役", "本部長", "部長", "次長", "課長", "係長", "主任", "担当")
BRANCHES = ("大阪支店", "名古屋営業所", "福岡支店", "仙台営業所", "札幌支店", "広島営業所", "東京支社", "横浜支店", "神戸営業所", "高松支店")

OLD_FORMS = {
    "高": "髙", "崎": "﨑", "沢": "澤", "辺": "邊", "斎": "齋", "広": "廣", "浜": "濱", "桜": "櫻", "島": "嶋", "真": "眞",
    "滝": "瀧", "恵": "惠", "栄": "榮", "万": "萬", "竜": "龍", "国": "國",
}  # fmt: skip
"""Today's character -> the old form that some registers and clerks keep."""

NEW_FORMS = {old: new for new, old in OLD_FORMS.items()} | {"邉": "辺", "齊": "斎"}
