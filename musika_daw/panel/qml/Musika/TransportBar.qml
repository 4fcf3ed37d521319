// Play, record, where the song is, in which tempo, and who leads.
import QtQuick
import QtQuick.Layouts

Surface {
    id: bar
    property alias play: play
    implicitHeight: 72
    readonly property var tempo: controls.item("tempo")

    RowLayout {
        anchors.fill: parent
        anchors.margins: Theme.padding
        spacing: Theme.padding

        IconButton {
            id: play
            objectName: "play"
            implicitWidth: 72
            implicitHeight: 48
            size: 24
            path: transport.plays || transport.wished ? Icons.stop : Icons.play
            tint: transport.plays ? Theme.good : Theme.accent
            ink: Theme.ground
            tip: transport.plays ? qsTr("stop") : qsTr("play")
            keys: qsTr("space")
            learns: ({ address: "/musika/play", label: qsTr("play"), help: qsTr("plays from the start of the song"), sends: "" })
            onClicked: transport.toggle()
        }
        IconButton { implicitHeight: 48; implicitWidth: 42; path: Icons.start; tip: qsTr("to the start of the song"); keys: qsTr("home"); onClicked: transport.rewind() }
        IconButton {
            objectName: "record"
            implicitHeight: 48
            implicitWidth: 52
            size: 20
            path: Icons.record
            ink: transport.recording ? Theme.ground : Theme.danger
            tint: transport.recording ? Theme.danger : Theme.raised
            tip: transport.recording ? qsTr("end the take on the bar") : qsTr("record a take from the next bar on")
            keys: "R"
            learns: ({ address: "/musika/record", label: qsTr("record"), help: qsTr("begins a take, and ends it"), sends: "" })
            onClicked: transport.record()
        }
        Text {
            id: place
            readonly property int beat: Math.floor(Timeline.position + 0.000001)
            text: (Math.floor(beat / 4) + 1) + "." + (beat % 4 + 1)
            color: Theme.text
            font.family: Theme.digits
            font.pixelSize: Theme.huge
            font.features: ({ "tnum": 1 })
            horizontalAlignment: Text.AlignRight
            Layout.preferredWidth: 104
            Accessible.name: qsTr("bar and beat %1").arg(text)
        }
        ColumnLayout {
            spacing: 2
            Caption { text: qsTr("tempo") }
            RowLayout {
                spacing: 4
                Field { item: bar.tempo; menu: true; shown: Number(bar.tempo.value).toFixed(1); implicitWidth: 66; enabled: engine.internal_clock }
                Button { text: qsTr("tap"); leftPadding: 6; rightPadding: 6; enabled: engine.internal_clock; tip: qsTr("tap the tempo"); keys: "T"; onClicked: link.send("/musika/tap", []) }
            }
        }
        ColumnLayout {
            spacing: 2
            RowLayout {
                Caption { text: qsTr("clock") }
                Rectangle {
                    width: 9
                    height: 9
                    radius: 5
                    color: engine.locked ? Theme.good : Theme.warning
                    MouseArea { id: lock; anchors.fill: parent; hoverEnabled: true }
                    Tip { text: engine.clock; shown: lock.containsMouse }
                }
            }
            Choice { item: controls.item("clock"); implicitWidth: 104 }
        }
        ColumnLayout {
            spacing: 2
            Caption { text: qsTr("moves land") }
            Choice { item: controls.item("quantize"); implicitWidth: 92 }
        }
        Item { Layout.fillWidth: true }
        ColumnLayout {
            spacing: 2
            Caption { text: qsTr("preset") }
            RowLayout {
                spacing: 4
                IconButton { compact: true; implicitHeight: Theme.control; path: Icons.left; filled: false; tip: qsTr("the preset before"); onClicked: presetBrowser.step(-1) }
                Button {
                    objectName: "presets"
                    readonly property string current: "" + controls.item("preset").value
                    text: (current || qsTr("choose")).replace(/_/g, " ")
                    implicitWidth: 128
                    tip: qsTr("all presets")
                    onClicked: presetBrowser.open()
                    PresetBrowser { id: presetBrowser; y: parent.height + 4; x: parent.width - width }
                }
                IconButton { compact: true; implicitHeight: Theme.control; path: Icons.right; filled: false; tip: qsTr("the next preset"); onClicked: presetBrowser.step(1) }
            }
        }
        Fader { item: controls.item("master"); label: qsTr("level of everything"); implicitWidth: 28; Layout.fillHeight: true }
        Meter { stem: "mix"; implicitWidth: 14; Layout.fillHeight: true }
    }
}
