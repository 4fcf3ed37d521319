// A take: what it is, its stems, and its MIDI files.
import QtQuick
import QtQuick.Layouts

Rectangle {
    id: card
    required property int index
    required property string name
    required property string bpm
    required property string key
    required property string length
    required property var stems
    required property string mix
    required property bool unfinished
    readonly property bool heard: mix !== "" && audition.url === mix
    width: unfinished ? 450 : 380
    radius: 6
    color: Theme.raised
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: 8
        spacing: 4
        RowLayout {
            spacing: 6
            IconButton {
                compact: true
                visible: card.mix !== ""
                path: card.heard ? Icons.stop : Icons.play
                size: 12
                tint: card.heard ? Theme.good : Theme.line
                tip: card.heard ? qsTr("stop") : qsTr("hear this take")
                onClicked: audition.toggle(card.mix)
            }
            Text { text: card.name; color: Theme.text; font.pixelSize: Theme.normal; font.weight: Font.DemiBold; elide: Text.ElideRight; Layout.fillWidth: true }
            Caption { text: [card.unfinished ? qsTr("cut short") : "", card.length, card.bpm + " bpm", card.key].filter(t => t).join(" · ") }
            IconButton { compact: true; path: Icons.folder; size: 12; tip: qsTr("show it in the file manager"); onClicked: takes.reveal(card.index) }
            IconButton { compact: true; path: Icons.close; filled: false; size: 12; tip: qsTr("to the wastebasket"); onClicked: if (!takes.throw_away(card.index)) engine.tell(qsTr("this system has no wastebasket here: the take stays")) }
        }
        Flow {
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: 4
            DragChip { text: qsTr("all stems"); tint: Theme.dim; urls: takes.audio(card.index, "all") }
            Repeater {
                model: card.stems
                DragChip { required property string modelData; text: modelData; tint: Theme.of(modelData); urls: takes.audio(card.index, modelData) }
            }
            DragChip { visible: card.mix !== ""; text: qsTr("mix"); tint: Theme.dim; urls: card.mix }
            Repeater {
                model: card.stems.filter(stem => takes.midi(card.index, stem))
                DragChip { required property string modelData; text: "♪ " + modelData; tint: Theme.of(modelData); hollow: true; urls: takes.midi(card.index, modelData) }
            }
        }
    }
}
